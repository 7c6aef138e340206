/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { travel } from '../billing/organisation.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { eventually } from '../support/waiting.js';
import { inChromium, launch, visitor } from './chromium.js';

const BILLING = '/settings/billing/';

inChromium('A subscription, from the prices to the invoice', () => {
  let atrium: TestApp;
  let browser: Browser;
  let home: string;

  beforeAll(async () => {
    atrium = await startApp({ BILLING_PROVIDER: 'sandbox' });
    browser = await launch();
    home = await atrium.app.getUrl();
  });
  afterAll(async () => {
    await browser?.close();
    await atrium?.stop();
  });

  const becomes = (admin: Person, condition: string) =>
    eventually(async () => {
      const rows = await atrium.sql(`SELECT 1 FROM tenant WHERE id = $1 AND ${condition}`, [
        admin.tenantId,
      ]);
      return rows.length > 0;
    });

  /** Clicks what leads to another page, and waits for it. */
  async function go(page: Page, selector: string): Promise<void> {
    await Promise.all([
      page.waitForEvent('domcontentloaded'),
      page.locator(selector).filter({ visible: true }).first().click(),
    ]);
  }

  async function says(page: Page, text: string | RegExp): Promise<void> {
    await page.locator('main').filter({ hasText: text }).waitFor();
  }

  async function journey(organisation: string, javaScriptEnabled: boolean): Promise<string[]> {
    const admin = await atrium.people.adminOf(
      organisation,
      `admin@${organisation.toLowerCase()}.test`,
    );
    const options = { javaScriptEnabled, acceptDownloads: true };
    const { page, complaints } = await visitor(browser, options);
    const value = admin.browser.cookie('session') ?? '';
    await page.context().addCookies([
      { name: 'atrium_session', value, url: home },
      { name: 'atrium_lang', value: 'en', url: home },
    ]);

    await page.goto(`${home}/pricing/`);
    await go(page, 'a[href="/settings/billing/plans/?interval=month"]');
    await go(page, `form[action="${BILLING}checkout/"] button[type=submit]`);
    await page.check('[name=card][value=failing]');
    await go(page, 'form[action^="/dev/billing/checkout/"] button[type=submit]');
    await says(page, 'Team, 14 days of trial left');

    await travel(atrium, 14.5);
    await becomes(admin, `access_state = 'grace'`);
    await page.goto(home + BILLING);
    await says(page, 'A payment has been overdue since');
    await travel(atrium, 14.5);
    // Read-only once the grace is over, or once the provider has given up trying.
    await becomes(admin, `(access_state = 'read_only' OR access_until < now())`);
    await page.goto(`${home}/projects/new/`);
    await page.fill('main [name=name]', 'Held back');
    await go(page, 'form[action="/projects/new/"] button[type=submit]');
    await says(page, 'A payment is overdue');

    await go(page, `main a[href="${BILLING}"]`);
    await says(page, 'your organisation can only read for now');
    await go(page, `form[action="${BILLING}portal/"] button[type=submit]`);
    await page.check('[name=card][value=good]');
    await go(page, 'form[action^="/dev/billing/portal/"] button[type=submit]');
    await becomes(admin, `access_state = 'full'`);
    await page.goto(home + BILLING);
    await says(page, /Team, 1 of 1 seats, renews on .* for €12\.00 excl\. VAT/);

    await go(page, `a[href="${BILLING}details/"]`);
    await page.fill('[name=legal_name]', `${organisation} NV`);
    await page.fill('[name=address]', 'Kouter 1');
    await page.fill('[name=postal_code]', '9000');
    await page.fill('[name=city]', 'Gent');
    await page.locator('select[name=country]').evaluate((field: HTMLSelectElement) => {
      field.value = 'BE';
    });
    await go(page, `form[action="${BILLING}details/"] button[type=submit]`);
    await says(page, 'Your billing details have been saved');
    const download = page.waitForEvent('download');
    await page.locator('a[href$="/ubl/"]').first().click();
    const xml = readFileSync(await (await download).path(), 'utf8');
    expect(xml).toContain(`${organisation} NV`);
    expect(xml).toContain('<cbc:PayableAmount currencyID="EUR">14.52</cbc:PayableAmount>');
    await go(page, `main a[href^="${BILLING}invoices/"]:not([href$="ubl/"])`);
    await says(page, 'Team, per seat and month');
    await page.context().close();
    return complaints;
  }

  test('with JavaScript: a card fails, the organisation is read-only, and pays', async () => {
    expect(await journey('Scripted', true)).toEqual([]);
  }, 180_000);

  test('without JavaScript: the same', async () => {
    expect(await journey('Plain', false)).toEqual([]);
  }, 180_000);
});
