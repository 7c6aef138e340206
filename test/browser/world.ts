import { invoiceContent } from '../../src/billing/invoices/invoice-content.js';
import { toInvoiceJson } from '../../src/billing/invoices/invoice-json.js';
import { BUYER, order } from '../billing/invoice-samples.js';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { travel } from '../billing/organisation.js';
import { startApp, type TestApp } from '../support/app.js';
import { linkIn } from '../support/mailbox.js';
import type { Person } from '../support/people.js';
import { eventually } from '../support/waiting.js';
import { launch, visitor } from './chromium.js';
import { PAGES, SAMPLES, type SampleWorld, type Visitor } from '../support/samples.js';

export interface Look {
  theme?: 'corporate' | 'night' | 'system';
  language?: 'en' | 'nl-be' | 'fr-be';
}

/** The application with a visitor and data for every page, and a browser. */
export interface World {
  atrium: TestApp;
  browser: Browser;
  home: string;
  people: Record<Exclude<Visitor, 'anyone'>, Person>;
  /** A page of the browser of `who`, not at any address yet; close its context when done. */
  as(who: Visitor, look?: Look, options?: BrowserContextOptions): Promise<Seen>;
  /** The whole address of a path of `PAGES`. */
  address(path: string): string;
  end(): Promise<void>;
}

export interface Seen {
  page: Page;
  /** What the console, the network and the content security policy complained about. */
  complaints: string[];
}

/** A name that is longer than any space and has no break opportunity. */
const LONG = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';

export async function makeWorld(settings: Record<string, string> = {}): Promise<World> {
  const atrium = await startApp({ BILLING_PROVIDER: 'sandbox', ...settings });
  const [browser, home] = await Promise.all([launch(), atrium.app.getUrl()]);
  const people = await somebodyEverywhere(atrium);
  const things = await somethingEverywhere({ atrium, people, longWord: LONG });
  return {
    atrium,
    browser,
    home,
    people,
    address: (path) => home + path.replaceAll(/:(\w+)/g, (_, name: string) => thing(things, name)),
    as: async (who, look = {}, options = {}) => {
      const seen = await visitor(browser, options);
      const { theme = 'corporate', language = 'en' } = look;
      const session = who === 'anyone' ? undefined : people[who].browser.cookie('session');
      // A walk through all pages takes longer than a sign-in counts as recent.
      await atrium.sql('UPDATE session SET authenticated_at = now()');
      // Of somebody who is signed in the profile decides.
      await atrium.sql('UPDATE user_profile SET theme = $1', [theme]);
      const cookies = { theme, lang: language, ...(session ? { session } : {}) };
      await seen.page.context().addCookies(
        Object.entries(cookies).map(([name, value]) => ({
          name: `atrium_${name}`,
          value,
          url: home,
        })),
      );
      return seen;
    },
    end: async () => {
      await browser.close();
      await atrium.stop();
    },
  };
}

/** Parts of the addresses to keep to, such as those of two modules: `ATRIUM_TEST_PAGES=/invoices/,/quotes/`. */
const ONLY = process.env.ATRIUM_TEST_PAGES ? process.env.ATRIUM_TEST_PAGES.split(',') : undefined;
export const isEveryPage = !ONLY;

/** Every page as its visitor sees it, in one window for each visitor. */
export async function walk(
  world: World,
  look: Look,
  options: BrowserContextOptions,
  see: (page: Page, who: Visitor, path: string, status: number) => Promise<void>,
): Promise<string[]> {
  const found: string[] = [];
  for (const who of Object.keys(PAGES) as Visitor[]) {
    const paths = PAGES[who].filter((path) => !ONLY || ONLY.some((part) => path.includes(part)));
    if (paths.length === 0) continue;
    const { page, complaints } = await world.as(who, look, options);
    for (const path of paths) {
      const answer = await page.goto(world.address(path));
      await see(page, who, path, answer?.status() ?? 0);
      found.push(...complaints.splice(0).map((text) => `${who} ${path}: ${text}`));
    }
    await page.context().close();
  }
  return found;
}

async function somebodyEverywhere(atrium: TestApp): Promise<World['people']> {
  const { people, sql } = atrium;
  const newcomer = await people.newcomer('newcomer@acme.test');
  const founder = await people.founder('founder@acme.test');
  const admin = await people.adminOf('Acme', 'admin@acme.test');
  await subscribe(atrium, admin);
  const member = await people.memberOf('Acme', 'member@acme.test');
  const gone = await people.memberOf('Acme', 'gone@acme.test');
  const staff = await people.staff('staff@acme.test', true);
  const acting = { ...member, browser: (await people.signedIn('staff@acme.test')).browser };
  await people.adminOf('Acme', `${LONG.toLowerCase().slice(0, 60)}@acme.test`);
  await sql(`UPDATE user_profile SET display_name = $1 WHERE user_id = $2`, [LONG, member.userId]);
  const form = { reason: 'To look at every page with a banner above it', mode: 'look' };
  await acting.browser.fill(`/admin/users/${member.userId}/act/`, form);
  await sql('UPDATE user_profile SET is_active = false WHERE user_id = $1', [gone.userId]);
  await sql('UPDATE tenant SET organization = $1', [`Acme ${LONG}`]);
  return { newcomer, founder, admin, member, gone, staff, acting };
}

/** Buys a plan and has paid the first month: there is an invoice, and room for everybody. */
async function subscribe(atrium: TestApp, { browser, tenantId }: Person): Promise<void> {
  await browser.visit('/settings/billing/plans/');
  const { location } = await browser.submit('/settings/billing/checkout/');
  await browser.fill(location!, { card: 'good' });
  await travel(atrium, 15);
  await eventually(async () => {
    const paid = await atrium.sql(
      `SELECT 1 FROM tenant t JOIN invoice i ON i.tenant_id = t.id AND i.status = 'paid'
       WHERE t.id = $1 AND t.access_state = 'full'`,
      [tenantId],
    );
    return paid.length > 0;
  });
  await browser.fill('/settings/billing/details/', {
    legal_name: 'Acme Bakery & Sons NV',
    email: 'invoices@acme.test',
    address: 'Kouter 1',
    postal_code: '9000',
    city: 'Gent',
    country: 'BE',
    vat_number: 'BE0403170701',
    purchase_order: 'PO-2026-117',
  });
}

async function somethingEverywhere(world: SampleWorld) {
  const { atrium, people } = world;
  const { admin, member } = people;
  const { browser } = admin;
  const things: Record<string, string> = {};
  for (const samples of SAMPLES.values()) Object.assign(things, await samples.things?.(world));
  // More seats than are paid for: what they cost has been seen.
  const guests = { email: `guest@acme.test ${LONG}@acme.test`, seats: '100' };
  await browser.fill('/settings/users/', guests);
  const key = { name: LONG, scopes: 'members:read invitations:write', lifetime: '90' };
  await browser.fill('/settings/api/', key);
  await browser.visit('/profile/');
  await browser.submit('/profile/email/', {
    email: `${LONG.slice(0, 50)}@acme.test`,
    password: 'paper lantern orbit',
  });
  await atrium.browser().fill('/password-reset/', { email: member.email });
  const reset = linkIn(await atrium.mails.expect(member.email, /reset|password/i));
  const invitation = linkIn(await atrium.mails.expect('guest@acme.test', /invite/i));
  const [{ id: invoice } = { id: '' }] = await atrium.sql<{ id: string }>(
    `INSERT INTO issued_invoice (tenant_id, seller, kind, issued_on, due_on, currency, net, vat,
       total, content) VALUES ($1, 'BE0403170701', 'invoice', now(), now(), 'EUR', 8400, 1764, 10164, $2)
     RETURNING id`,
    [admin.tenantId, toInvoiceJson(invoiceContent(order({ buyer: { ...BUYER, name: LONG } })))],
  );
  const [{ id: bill } = { id: '' }] = await atrium.sql<{ id: string }>('SELECT id FROM invoice');
  const [{ id: mail } = { id: '' }] = await atrium.sql<{ id: string }>('SELECT id FROM kept_mail');
  return {
    ...things,
    invoice,
    bill,
    mail,
    reset: secretOf(reset),
    invitation: secretOf(invitation),
    user: member.userId,
    profile: member.profileId,
    tenant: member.tenantId ?? '',
  };
}

function secretOf(link: string): string {
  return link.split('/').filter(Boolean).at(-1)!;
}

function thing(things: Record<string, string>, name: string): string {
  const found = things[name];
  if (!found)
    throw new Error(
      `Nothing is prepared for ":${name}": write things in the samples of its feature`,
    );
  return found;
}
