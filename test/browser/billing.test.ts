/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { travel } from '../billing/organisation.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD } from '../support/people.js';
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

  const becomes = (admin: Account, condition: string) =>
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

  /** From the first visit to an organisation of one's own. */
  async function register(page: Page, organisation: string): Promise<Account> {
    const email = `admin@${organisation.toLowerCase()}.test`;
    await page.goto(`${home}/register/`);
    await page.fill('[name=email]', email);
    await page.fill('[name=password]', PASSWORD);
    await go(page, 'main form[action="/register/"] button[type=submit]:last-of-type');
    await page.fill('[name=display_name]', 'Anna Peeters');
    await go(page, 'form[action="/profile/complete/"] button[type=submit]:not([name=skip])');
    await page.fill('[name=organization]', organisation);
    await go(page, 'form[action="/onboarding/create-tenant/"] button[type=submit]');
    const [{ id: tenantId } = { id: '' }] = await atrium.sql<{ id: string }>(
      'SELECT id FROM tenant WHERE organization = $1',
      [organisation],
    );
    return { email, tenantId };
  }

  async function pays(page: Page, card: 'good' | 'failing'): Promise<void> {
    await page.goto(home + BILLING);
    await go(page, `form[action="${BILLING}portal/"] button[type=submit]`);
    await page.check(`[name=card][value=${card}]`);
    await go(page, 'form[action^="/dev/billing/portal/"] button[type=submit]');
  }

  async function journey(language: Language, javaScriptEnabled: boolean): Promise<string[]> {
    const organisation = `Story${language}${javaScriptEnabled ? 'Scripted' : 'Plain'}`;
    const text = textsIn(language);
    const options = { javaScriptEnabled, acceptDownloads: true, locale: LOCALES[language] };
    const { page, complaints } = await visitor(browser, options);
    const chosen = {
      name: 'atrium_lang',
      value: language === 'en' ? 'en' : LOCALES[language].toLowerCase(),
      url: home,
    };
    await page.context().addCookies([chosen]);
    const admin = await register(page, organisation);

    await page.goto(`${home}/pricing/`);
    await go(page, 'a[href="/settings/billing/plans/?interval=month"]');
    await go(page, `form[action="${BILLING}checkout/"] button[type=submit]`);
    await page.check('[name=card][value=good]');
    await go(page, 'form[action^="/dev/billing/checkout/"] button[type=submit]');
    await says(page, text('billing.standing.trial'));
    await travel(atrium, 14.5);
    await becomes(admin, `access_state = 'full'`);

    await page.goto(`${home}/settings/users/#invite`);
    await page.fill('main [name=email]', `guest@${organisation.toLowerCase()}.test`);
    const invite = 'form:has([name=action][value=invite]) button[type=submit]';
    await go(page, invite);
    await says(page, text('members.invite.cost.title'));
    await says(page, text('members.invite.cost.text'));
    // Two seats of €12 a month, from the next period on.
    await says(page, /24[.,]00/);
    await go(page, invite);
    await says(page, text('members.invitations.until'));

    await pays(page, 'failing');
    await travel(atrium, 31);
    await becomes(admin, `access_state = 'grace'`);
    await page.goto(home + BILLING);
    await says(page, text('billing.standing.past_due'));
    await travel(atrium, 15);
    // Read-only once the grace is over, or once the provider has given up trying.
    await becomes(admin, `(access_state = 'read_only' OR access_until < now())`);
    await page.goto(`${home}/projects/new/`);
    await page.fill('main [name=name]', 'Held back');
    await go(page, 'form[action="/projects/new/"] button[type=submit]');
    await says(page, text('errors.read_only'));
    await says(page, 'Held back');

    await go(page, `main a[href="${BILLING}"]`);
    await says(page, text('billing.standing.read_only'));
    await pays(page, 'good');
    await becomes(admin, `access_state = 'full'`);
    await page.goto(home + BILLING);
    await says(page, text('billing.standing.active'));
    await says(page, /12[.,]00/);
    await invoices(page, organisation, text);
    await page.context().close();
    return complaints;
  }

  async function invoices(page: Page, organisation: string, text: Texts): Promise<void> {
    await go(page, `a[href="${BILLING}details/"]`);
    await page.fill('[name=legal_name]', `${organisation} NV`);
    await page.fill('[name=address]', 'Kouter 1');
    await page.fill('[name=postal_code]', '9000');
    await page.fill('[name=city]', 'Gent');
    await page.locator('select[name=country]').evaluate((field: HTMLSelectElement) => {
      field.value = 'BE';
    });
    await go(page, `form[action="${BILLING}details/"] button[type=submit]`);
    await page.goto(home + BILLING);
    const download = page.waitForEvent('download');
    await page.locator('a[href$="/ubl/"]').first().click();
    const xml = readFileSync(await (await download).path(), 'utf8');
    expect(xml).toContain(`${organisation} NV`);
    expect(xml).toContain('<cbc:PayableAmount currencyID="EUR">14.52</cbc:PayableAmount>');
    await go(page, `main a[href^="${BILLING}invoices/"]:not([href$="ubl/"])`);
    await says(page, text('billing.invoice.line.month'));
    await says(page, /14[.,]52/);
  }

  test.each<[Language, boolean, string]>([
    ['en', true, 'in English with script'],
    ['en', false, 'in English without script'],
    ['nl', true, 'in Dutch'],
    ['fr', false, 'in French'],
  ])(
    'somebody registers, pays, invites, is read-only and pays again (%s, script %s): %s',
    async (language, isScripted) => {
      expect(await journey(language, isScripted)).toEqual([]);
    },
    300_000,
  );
});

const LOCALES = { en: 'en-GB', nl: 'nl-BE', fr: 'fr-BE' } as const;
type Language = keyof typeof LOCALES;
type Texts = ReturnType<typeof textsIn>;

interface Account {
  email: string;
  tenantId: string;
}

/** The longest part of a text between its placeholders, as it is written in a language. */
function textsIn(language: Language) {
  return (key: string): string => {
    const [feature, ...path] = key.split('.');
    const file: unknown = JSON.parse(readFileSync(`i18n/${language}/${feature}.json`, 'utf8'));
    const found = path.reduce((part, name) => (part as Record<string, unknown>)[name], file);
    const text = typeof found === 'string' ? found : (found as { other: string }).other;
    const parts = text.split(/\{\w+\}/).map((part) => part.trim());
    return parts.reduce((longest, part) => (part.length > longest.length ? part : longest));
  };
}
