import { patience } from '../support/limits.js';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const CANDIDATES = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];
/** The Chromium of this machine; undefined where there is none. */
export const chromiumPath = CANDIDATES.find((path) => path && existsSync(path));

export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
].concat(['--disable-background-networking', '--disable-component-update', '--disable-sync']);

/** Tests in a real browser; skipped without one, which `npm test` reports. */
export function inChromium(name: string, tests: () => void): void {
  (chromiumPath ? describe : describe.skip)(name, tests);
}

export function launch(): Promise<Browser> {
  if (!chromiumPath) throw new Error('There is no Chromium here; CHROMIUM_PATH may name one.');
  return chromium.launch({ executablePath: chromiumPath, args: chromiumFlags });
}

/** A page in a fresh browser context, with its console messages. */
export async function visitor(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'nl-BE',
    timezoneId: 'Europe/Brussels',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patience(15_000));
  return { page, complaints: await complaintsOf(page) };
}

/** Errors and warnings of the console, files that did not come, and reports of the content security policy. */
async function complaintsOf(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => {
    // Chromium says this of every page that is not a 200, too; `response` knows better which it is.
    const isExpected = message.text().startsWith('Failed to load resource');
    const isBad = message.type() === 'error' || message.type() === 'warning';
    if (isBad && !isExpected) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('response', (response) => {
    const isPage = response.request().resourceType() === 'document';
    if (response.status() >= 400 && !isPage) {
      complaints.push(`${response.status()} ${response.url()}`);
    }
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (report) => {
      console.error(`Policy: ${report.effectiveDirective} refused ${report.blockedURI}`);
    });
  });
  return complaints;
}
