/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { startManual, type ManualWorld } from '../billing/manual-world.js';
import type { Person } from '../support/people.js';
import { inChromium, launch, visitor } from './chromium.js';
import { tooWide } from './measures.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

inChromium('What staff do by hand', () => {
  let world: ManualWorld;
  let browser: Browser;
  let home: string;
  let root: Person;
  let tenantId: string;

  beforeAll(async () => {
    world = await startManual({ BILLING_PROVIDER: 'manual' });
    browser = await launch();
    home = await world.atrium.app.getUrl();
    root = await world.atrium.people.staff('root@atrium.test', true);
    const admin = await world.atrium.people.adminOf('Bakkerij Peeters', 'admin@peeters.test');
    tenantId = admin.tenantId!;
  });
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  });

  async function open(language: string, width: number, javaScriptEnabled = true): Promise<Page> {
    const viewport = { width, height: 800 };
    const options = { javaScriptEnabled, viewport, reducedMotion: 'reduce' } as const;
    const { page } = await visitor(browser, options);
    const value = root.browser.cookie('session') ?? '';
    await page.context().addCookies([
      { name: 'atrium_session', value, url: home },
      { name: 'atrium_lang', value: language, url: home },
    ]);
    return page;
  }

  /** What axe finds in either theme, and what does not fit at 320 px. */
  async function wrongWith(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    const found: string[] = [];
    for (const theme of ['corporate', 'night']) {
      const ids = await page.evaluate(async (name) => {
        document.documentElement.dataset.theme = name;
        const { axe: run } = window as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        const { violations } = await run.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
      }, theme);
      found.push(...ids.map((id) => `${page.url()} ${theme} ${id}`));
    }
    const size = page.viewportSize()!;
    await page.setViewportSize({ width: 320, height: 800 });
    found.push(...(await tooWide(page)).map((what) => `${page.url()} 320 px: ${what}`));
    await page.setViewportSize(size);
    return found;
  }

  test('without script a plan is sold, its trial extended, its invoice marked as paid', async () => {
    const page = await open('en', 1280, false);
    await page.goto(`${home}/admin/subscriptions/sell/?q=bak`);
    await page.click('main ul a');
    for (const [name, value] of Object.entries(SALE)) {
      const field = page.locator(`main [name="${name}"]`);
      if (['plan', 'interval', 'country', 'language'].includes(name))
        await field.selectOption(value);
      else await field.fill(value);
    }
    await page.click('main form[method="post"] [type="submit"]');
    await page.getByText('The subscription is sold.').waitFor();
    await page.goto(`${home}/admin/invoices/`);
    await page.click('tbody th a');
    await page.click('a[href$="/paid/"]');
    await page.fill('[name="reference"]', 'CODA 7');
    await page.click('main form[method="post"] [type="submit"]');
    await page.getByText('is marked as paid.').waitFor();
    await page.context().close();
  }, 120_000);

  test('its pages are for everyone, in each language, theme and width, and an invoice fits one A4', async () => {
    const [other, trial] = [
      await world.atrium.people.adminOf('Other', 'admin@other.test'),
      await world.atrium.people.adminOf('Later', 'admin@later.test'),
    ];
    const start = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
    await root.browser.fill(`/admin/tenants/${other.tenantId}/sell/`, SALE);
    await root.browser.fill(`/admin/tenants/${trial.tenantId}/sell/`, { ...SALE, start });
    const id = async (text: string, of: string | null) =>
      (await world.atrium.sql<{ id: string }>(text, [of]))[0]!.id;
    const invoice = await id('SELECT id FROM invoice WHERE tenant_id = $1', other.tenantId);
    const subscription = await id(
      'SELECT id FROM subscription WHERE tenant_id = $1',
      trial.tenantId,
    );
    const live = await id('SELECT id FROM subscription WHERE tenant_id = $1', other.tenantId);
    const paths = [
      '/admin/',
      '/admin/subscriptions/sell/',
      `/admin/tenants/${tenantId}/sell/`,
      `/admin/invoices/${invoice}/paid/`,
      `/admin/invoices/${invoice}/document/`,
      `/admin/subscriptions/${live}/change/?plan=business&interval=month&seats=5`,
      `/admin/subscriptions/${subscription}/extend_trial/`,
    ];
    const found: string[] = [];
    for (const [language, width] of [
      ['en', 1280],
      ['nl-be', 375],
      ['fr-be', 768],
    ] as const) {
      const page = await open(language, width);
      for (const path of paths) {
        await page.goto(home + path);
        found.push(...(await wrongWith(page)));
      }
      await page.goto(`${home}/admin/invoices/${invoice}/document/`);
      const pdf = await page.pdf({ format: 'A4', margin: MARGIN });
      const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
      if (sheets.length !== 1) found.push(`${language}: ${sheets.length} sheets`);
      await page.context().close();
    }
    expect(found).toEqual([]);
  }, 300_000);
});

const MARGIN = { top: '1cm', bottom: '1cm', left: '1cm', right: '1cm' };

const SALE = {
  plan: 'team',
  interval: 'month',
  seats: '3',
  payment_days: '30',
  legal_name: 'Bakkerij Peeters & Zonen NV',
  email: 'facturen@peeters.example',
  address: 'Grote Markt 2',
  postal_code: '2000',
  city: 'Antwerpen',
  country: 'BE',
  vat_number: 'BE0428759497',
  language: 'nl-BE',
  purchase_order: 'PO-2026-117',
};
