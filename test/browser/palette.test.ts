/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { inChromium, launch, visitor } from './chromium.js';
import { tooSmall, tooWide } from './measures.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

inChromium('The palette', () => {
  let atrium: TestApp;
  let chromium: Browser;
  let home: string;
  let session: string;

  beforeAll(async () => {
    [atrium, chromium] = await Promise.all([startApp({ ROLE: 'web' }), launch()]);
    home = await atrium.app.getUrl();
    const { browser } = await atrium.people.adminOf('Acme', 'anna@acme.test');
    session = browser.cookie('session')!;
    await browser.fill('/projects/new/', { name: 'Anchor & chain', status: 'planned' });
  }, 90_000);
  afterAll(async () => {
    await chromium?.close();
    await atrium?.stop();
  });

  async function open(width = 1280): Promise<{ page: Page; complaints: string[] }> {
    const seen = await visitor(chromium, {
      viewport: { width, height: 760 },
      reducedMotion: 'reduce',
      locale: 'en-GB',
    });
    await seen.page.context().addCookies([{ name: 'atrium_session', value: session, url: home }]);
    await seen.page.goto(`${home}/dashboard/`);
    return seen;
  }

  const field = (page: Page) => page.getByRole('combobox', { name: 'Search pages' });
  const isOpen = (page: Page) => page.locator('#palette[open]').count();

  /** The option that the field points to, once what was typed has been answered. */
  async function active(page: Page): Promise<string> {
    await page.waitForSelector('#palette input[aria-activedescendant]');
    return field(page).evaluate((input) => {
      const option = document.getElementById(input.getAttribute('aria-activedescendant')!)!;
      const isMarked = option.role === 'option' && option.ariaSelected === 'true';
      return isMarked ? option.querySelector('.found-title')!.textContent : 'not marked';
    });
  }

  test('opens with Ctrl K, finds while one types, is walked with the arrows and opened with Enter', async () => {
    const { page, complaints } = await open();
    expect(await page.locator('.search-opener kbd').textContent()).toBe('Ctrl K');
    await page.keyboard.press('Control+k');
    expect(await active(page)).toBe('Dashboard');
    expect(await field(page).getAttribute('aria-expanded')).toBe('true');
    expect(await field(page).evaluate((input) => input === document.activeElement)).toBe(true);

    await page.keyboard.type('an');
    expect(await active(page)).toBe('Anna');
    expect(await page.getByRole('group', { name: 'Projects' }).getByRole('option').count()).toBe(1);
    expect(await page.locator('#palette [data-palette-said]').textContent()).toBe(
      '2 results for “an”',
    );
    await page.keyboard.press('ArrowDown');
    expect(await active(page)).toBe('Anchor & chain');
    await page.keyboard.press('ArrowDown');
    expect(await active(page)).toBe('Anna');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/projects\/[0-9a-f-]{36}\/$/);
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 60_000);

  test('closes with Escape and gives the focus back; Tab stays inside; a second Ctrl K closes it, too', async () => {
    const { page } = await open();
    const opener = page.getByRole('button', { name: 'Search' });
    await opener.focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('#palette [role=option]');
    for (let stops = 0; stops < 3; stops++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.closest('#palette') !== null)).toBe(
        true,
      );
    }
    await page.keyboard.press('Escape');
    expect(await isOpen(page)).toBe(0);
    expect(await opener.evaluate((link) => link === document.activeElement)).toBe(true);
    await page.keyboard.press('Control+k');
    expect(await field(page).inputValue()).toBe('');
    await page.keyboard.press('Control+k');
    expect(await isOpen(page)).toBe(0);
    await page.context().close();
  }, 60_000);

  test('shows the answer to what was typed last, however late another one comes', async () => {
    const { page } = await open();
    await page.route('**/search/results/?q=an', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 600));
      await route.continue().catch(() => undefined);
    });
    await page.keyboard.press('Control+k');
    await active(page);
    await page.keyboard.type('an');
    await page.waitForTimeout(250);
    await page.keyboard.type('ch');
    expect(await active(page)).toBe('Anchor & chain');
    await page.waitForTimeout(500);
    expect(await page.getByRole('option').count()).toBe(1);

    // Before there is an answer, Enter leads to the page, and nowhere else.
    await field(page).fill('an');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/search/?q=an');
    await page.context().close();
  }, 60_000);

  test('says that nothing was found, or that nothing answers, and asks to log in where the session ended', async () => {
    const { page } = await open();
    await page.keyboard.press('Control+k');
    await active(page);
    await page.keyboard.type('no such thing');
    await page.waitForSelector('text=Nothing found for “no such thing”');
    expect(await field(page).getAttribute('aria-expanded')).toBe('false');
    expect(await page.locator('#palette [data-palette-said]').textContent()).toContain(
      'Nothing found',
    );
    await page.route('**/search/results/**', (route) => route.abort());
    await field(page).fill('an');
    await page.waitForSelector('#palette >> text=The search does not answer');
    await page.unroute('**/search/results/**');
    await page.context().clearCookies();
    await field(page).fill('anc');
    await page.waitForURL('**/login/?next=**');
    await page.context().close();
  }, 60_000);

  test.each([375, 1280])(
    'axe finds nothing in either theme, and all fits and can be touched, at %i px',
    async (width) => {
      const { page } = await open(width);
      await page.evaluate(axe);
      for (const theme of ['corporate', 'night']) {
        await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
        if (!(await isOpen(page))) await page.click('.search-opener');
        await page.waitForSelector('#palette [role=option]');
        expect([theme, await violations(page)]).toEqual([theme, []]);
        await field(page).fill('zzz');
        await page.waitForSelector('text=Nothing found');
        expect([theme, await violations(page)]).toEqual([theme, []]);
        await field(page).fill('a');
        await page.waitForSelector('#palette [role=option]');
      }
      expect(await tooWide(page)).toEqual([]);
      expect(await tooSmall(page)).toEqual([]);
      await page.context().close();
    },
    60_000,
  );

  function violations(page: Page): Promise<string[]> {
    return page.evaluate(async () => {
      const { axe: run } = window as unknown as {
        axe: { run(node: string): Promise<{ violations: Array<{ id: string; help: string }> }> };
      };
      const found = await run.run('#palette');
      return found.violations.map(({ id, help }) => `${id}: ${help}`);
    });
  }
});
