/// <reference lib="dom" />
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { quarters } from '../support/pictures.js';
import { linkIn } from '../support/mailbox.js';
import { flag } from '../isolation/route-declarations.js';
import { PASSWORD } from '../support/people.js';
import { PAGES, sampled } from '../support/samples.js';
import { inChromium, visitor } from './chromium.js';
import { makeWorld, walk, type World } from './world.js';

const NO_SCRIPT = { javaScriptEnabled: false, locale: 'en-GB' };

/** What sends a form to be saved: not what only the enter key presses, and not what adds and removes lines. */
const BUTTON = '[type=submit]:not([aria-hidden=true], [name$=".do"])';

/** Forms that are not sent here, by prefix of their name, with the reason. */
const NOT_SENT: Record<string, string> = {
  '/notifications/unsubscribe/': 'is opened from a mail: test/notifications',
  '/dev/components/': 'an example: it goes nowhere',
  '/settings/hand-over/': 'whoever sends it is no admin afterwards: test/members/hand-over.test.ts',
  '/login/passkey/': 'a passkey needs script; the page says so, and offers the password',
  '/profile/passkeys/': 'a passkey needs script; the page says so',
};

inChromium('Without a line of script', () => {
  const folder = mkdtempSync(join(tmpdir(), 'atrium-without-script-'));
  const sent = new Set<string>();
  let world: World;
  let picture: { name: string; mimeType: string; buffer: Buffer };

  beforeAll(async () => {
    world = await makeWorld({ DATA_DIR: folder });
    const buffer = await quarters(120, 120).png().toBuffer();
    picture = { name: 'picture.png', mimeType: 'image/png', buffer };
  }, 180_000);
  afterAll(async () => {
    await world?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a person registers, completes onboarding and signs out', async () => {
    const { page } = await visitor(world.browser, NO_SCRIPT);
    await open(page, '/register/');
    await send(page, '/register/', { email: 'lena@atelier-maes.be', password: PASSWORD });
    await send(page, '/profile/complete/', {
      display_name: 'Lena Maes',
      timezone: 'Europe/Brussels',
      country: 'BE',
      avatar: picture,
    });
    expect(await page.inputValue('[name=organization]')).toBe('Atelier Maes');
    await send(page, '/onboarding/create-tenant/', { organization: 'Atelier Maes' });
    await send(page, '/onboarding/invite/', { email: 'noor@atelier-maes.be', role: 'member' });
    await expectText(page, 'Welcome Lena Maes');
    expect(await page.locator('header img[src^="/media/"]').count()).toBe(1);
    await send(page, '/email/verify/resend/', {}, 'main');
    await expectText(page, 'We sent a new link to lena@atelier-maes.be');
    await page.click('header details:has(form[action="/logout/"]) > summary');
    await send(page, '/logout/', {}, 'header');
    expect(new URL(page.url()).pathname).toBe('/');

    await open(page, '/login/?next=/profile/');
    await send(page, '/login/', { email: 'lena@atelier-maes.be', password: PASSWORD });
    expect(new URL(page.url()).pathname).toBe('/profile/');
    await page.context().close();
  }, 180_000);

  test('a person postpones the profile, and another resets the password', async () => {
    const { page } = await visitor(world.browser, NO_SCRIPT);
    await open(page, '/register/');
    await send(page, '/register/', { email: 'rik@atelier-maes.be', password: PASSWORD });
    await page.click('button[name=skip]');
    expect(new URL(page.url()).pathname).toBe('/onboarding/create-tenant/');
    await page.context().clearCookies();

    await open(page, '/password-reset/');
    await send(page, '/password-reset/', { email: 'rik@atelier-maes.be' });
    const mail = await world.atrium.mails.expect('rik@atelier-maes.be', /reset/i);
    await open(page, linkIn(mail));
    await send(page, '/password-reset/confirm/:token/', { password: 'rowing under lamps' });
    await expectText(page, 'You can now log in');
    await page.context().close();
  }, 180_000);

  test('every form of the profile works', async () => {
    const { page } = await world.as('member', {}, NO_SCRIPT);
    const { email } = world.people.member;
    await world.atrium.people.signedIn(email);
    await world.atrium.people.signedIn(email);
    await open(page, '/profile/');
    await send(page, '/profile/', {
      avatar: picture,
      display_name: 'Bram De Smet',
      timezone: 'Europe/Paris',
      country: 'FR',
      theme: 'night',
      marketing_emails: true,
    });
    await expectText(page, 'Your profile has been saved');
    expect(await page.getAttribute('html', 'data-theme')).toBe('night');
    expect(await page.inputValue('[name=timezone]')).toBe('Europe/Paris');
    expect(await page.locator('main [data-preview] img').count()).toBe(1);
    await send(page, '/profile/', { remove_avatar: true });
    expect(await page.locator('main [data-preview] img').count()).toBe(0);

    await send(page, '/i18n/setlang/', { language: 'nl-be' }, 'main');
    expect(await page.getAttribute('html', 'lang')).toBe('nl-BE');
    await page.click('header details:has(form[action="/i18n/setlang/"]) > summary');
    await page.click('header button[value=en]');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    await send(page, '/theme/set/', {}, 'header');
    expect(await page.getAttribute('html', 'data-theme')).toBe('system');

    const next = { email: 'bram.new@acme.test', password: PASSWORD };
    await send(page, '/profile/email/', { ...next, password: 'not this one' });
    await expectText(page, 'not your current password');
    await send(page, '/profile/email/', next);
    await expectText(page, 'Waiting for confirmation at bram.new@acme.test');
    await send(page, '/profile/email/resend/');
    await expectText(page, 'We sent a link to bram.new@acme.test');
    await send(page, '/profile/email/cancel/');
    await expectText(page, 'The change is cancelled');

    await page.click('main nav a:has-text("Security")');
    await send(page, '/profile/sessions/:id/revoke/');
    await expectText(page, 'That device is logged out');
    await send(page, '/profile/sessions/revoke-others/');
    await expectText(page, 'All your other devices are logged out');
    const password = 'rowing under lamps';
    await send(page, '/profile/password/', { current_password: PASSWORD, new_password: password });
    await expectText(page, 'Your password has been changed');

    await page.click('main nav a:has-text("Your data")');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      press(page, '/profile/export/'),
    ]);
    expect(download.suggestedFilename()).toBe('atrium-account.json');

    await page.click('a[href="#deactivate"]');
    await send(page, '/profile/deactivate/', { password: 'wrong' });
    await expectText(page, 'not your current password');
    await send(page, '/profile/deactivate/', { password });
    await expectText(page, 'Your account is closed');
    await page.context().close();
  }, 180_000);

  test('an admin invites people and changes roles', async () => {
    const { page } = await world.as('admin', {}, NO_SCRIPT);
    const { sql } = world.atrium;
    await world.atrium.people.memberOf('Acme', 'nora@acme.test');
    await open(page, '/settings/users/#invite');
    const invite = { email: 'one@guest.test, two@guest.test', role: 'admin' };
    await send(page, '/settings/users/ invite', invite);
    // More seats than are paid for: the price is shown first.
    await send(page, '/settings/users/ invite');
    await expectText(page, '2 invitations are on their way');
    await page.click('main a[href="#invite"]');
    await send(page, '/settings/users/ invite', { email: 'one@guest.test new@guest.test' });
    await send(page, '/settings/users/ invite');
    await expectText(page, 'already has an invitation');
    await send(page, '/settings/users/ resend', {}, 'li:has-text("one@guest.test")');
    await expectText(page, 'A new invitation to one@guest.test is on its way');
    await page.click('[data-invitation]:has-text("two@guest.test") a[href^="#cancel-"]');
    await send(page, '/settings/users/ cancel', {}, ':target');
    await expectText(page, 'The invitation to two@guest.test is withdrawn');
    await send(page, '/settings/users/invitations/:id/undo/');
    await expectText(page, 'The invitation to two@guest.test holds again');

    await send(page, '/settings/users/ ?', { q: 'nora', role: 'member', state: 'active' });
    expect(await page.locator('[data-member]').count()).toBe(1);
    const nora = '[data-member]:has-text("nora@acme.test")';
    await page.click(`${nora} summary`);
    await page.click(`${nora} a[href^="#deactivate-"]`);
    await send(page, '/settings/users/ deactivate', {}, ':target');
    await send(page, '/settings/users/:id/restore/');
    await expectText(page, 'has access again');
    for (const act of ['promote', 'set_role', 'deactivate', 'reengage']) {
      await open(page, '/settings/users/?q=nora');
      await page.click(`${nora} summary`);
      const isAsked = act === 'promote' || act === 'deactivate';
      if (isAsked) await page.click(`${nora} a[href^="#${act}-"]`);
      await send(page, `/settings/users/ ${act}`, {}, isAsked ? ':target' : nora);
      await page.waitForSelector('main [role=status]');
    }
    const [row] = await sql(
      `SELECT role, p.is_active FROM user_profile p JOIN users u ON u.id = p.user_id
       WHERE email = 'nora@acme.test'`,
    );
    expect(row).toEqual({ role: 'member', is_active: true });

    for (const act of ['make_admin', 'make_member', 'deactivate', 'reengage']) {
      await open(page, '/settings/users/?q=nora');
      await tickAndSend(page, nora, 'bulk-members', act);
      await page.waitForSelector('main [role=status]');
    }
    for (const act of ['resend', 'cancel']) {
      await open(page, '/settings/users/?state=invited');
      await tickAndSend(
        page,
        '[data-invitation]:has-text("new@guest.test")',
        'bulk-invitations',
        act,
      );
      await page.waitForSelector('main [role=status]');
    }

    await open(page, '/settings/general/');
    await send(page, '/settings/general/', {
      organization: 'Acme Works',
      currency: 'EUR',
      timezone: 'Europe/Brussels',
      language: 'nl',
      logo: picture,
    });
    await expectText(page, 'The settings have been saved');
    expect(await page.locator('.shell-side img').count()).toBe(1);
    await send(page, '/settings/general/', { remove_logo: true });
    expect(await page.locator('.shell-side img').count()).toBe(0);
    await page.context().close();
  }, 180_000);

  test('an admin creates a key, sees it once and revokes it', async () => {
    const { page } = await world.as('admin', {}, NO_SCRIPT);
    await open(page, '/settings/api/');
    await page.check('[value="tenant:read"]');
    await send(page, '/settings/api/', { name: 'Payroll', lifetime: 'unlimited' });
    const secret = await page.innerText('#new-key');
    const client = world.atrium.api().showing(secret);
    expect((await client.get('/tenant')).status).toBe(200);
    await page.click('[data-key]:has-text("Payroll") a[data-dialog-open]');
    await send(page, '/settings/api/:id/revoke/');
    await expectText(page, '“Payroll” is revoked');
    expect((await client.get('/tenant')).status).toBe(401);
    await page.context().close();
  }, 180_000);

  test.each(Object.entries(sampled('withoutScript')))(
    '%s',
    async (_, use) => {
      const { page } = await world.as('admin', {}, NO_SCRIPT);
      await use({ page, admin: world.people.admin, open, send, expectText });
      await page.context().close();
    },
    180_000,
  );

  test('every list that changes values in place does so, and takes it back', async () => {
    const { page } = await world.as('admin', {}, NO_SCRIPT);
    const paths = PAGES.admin.filter((path) => /^\/[a-z-]+\/$/.test(path));
    let lists = 0;
    for (const path of paths) {
      await open(page, path);
      const buttons = page.locator('tbody .in-place');
      if ((await buttons.count()) === 0) continue;
      lists++;
      const name = new URL(page.url()).pathname;
      await buttons.first().click();
      sent.add(`${name}:id/set/`);
      await page.locator(':popover-open button:not([aria-current])').first().click();
      await expectText(page, 'The change has been saved');
      await send(page, `${name}:id/undo/`);
      await expectText(page, 'The change has been undone');
    }
    expect(lists).toBeGreaterThan(0);
    await page.context().close();
  }, 180_000);

  test('an admin filters the activity and requests an export', async () => {
    const { page } = await world.as('admin', {}, NO_SCRIPT);
    await open(page, '/settings/activity/');
    await send(page, '/settings/activity/ ?', { kind: 'access', from: '2020-01-01' });
    expect(new URL(page.url()).search).toContain('kind=access');
    await open(page, '/settings/data/');
    await send(page, '/settings/data/');
    expect(await page.locator('[role=status]').count()).toBeGreaterThan(0);
    await page.context().close();
  }, 180_000);

  test('an admin changes the plan, the seats and the billing details', async () => {
    const { page } = await world.as('admin', {}, NO_SCRIPT);
    const billing = '/settings/billing/';
    await open(page, `${billing}details/`);
    await send(page, `${billing}details/`, { purchase_order: 'PO-2026-118' });
    await expectText(page, 'PO-2026-118');
    await open(page, `${billing}seats/`);
    await send(page, `${billing}seats/ ?`, { seats: '12' });
    await expectText(page, '€144.00 per month');
    await send(page, `${billing}seats/`);
    await expectText(page, 'of 12 seats');
    await open(page, `${billing}plan/?plan=business&interval=month`);
    await send(page, `${billing}plan/`);
    await expectText(page, 'Your plan has been changed');
    await page.click('a[href="#cancel"]');
    await send(page, `${billing}cancel/`);
    await expectText(page, 'Your subscription ends with the current period');
    await open(page, billing);
    await send(page, `${billing}resume/`);
    await send(page, `${billing}portal/`);
    await expectText(page, 'Customer portal');
    await page.context().close();
  }, 180_000);

  test('staff change a feature flag', async () => {
    const { page } = await world.as('staff', {}, NO_SCRIPT);
    const path = `/admin/flags/${flag()}/`;
    await open(page, path);
    await send(page, path, { unit: 'tenant', percent: '100' });
    await send(page, `${path} ?`, { q: 'Acme' });
    await send(page, `${path}exceptions/`, {}, '[data-candidates]');
    expect(await page.locator('[data-exceptions] li').count()).toBe(1);
    await page.context().close();
  }, 180_000);

  test('staff find and change what is in the back office', async () => {
    const { page } = await world.as('staff', {}, NO_SCRIPT);
    const billing = ['subscriptions', 'invoices', 'billing-events', 'overrides'];
    const webhooks = ['webhook-endpoints', 'webhook-deliveries'];
    const others = ['users', 'jobs', 'dead-letters', 'audit', 'countries'];
    for (const list of [...others, ...billing, ...webhooks]) {
      await open(page, `/admin/${list}/`);
      await send(page, `/admin/${list}/ ?`);
      expect(new URL(page.url()).pathname).toBe(`/admin/${list}/`);
    }
    await page.goto(world.address('/admin/profiles/:profile/edit/'));
    await send(page, '/admin/profiles/:id/edit/');
    await send(page, '/admin/search/ ?', { q: 'dmi' });
    expect(new URL(page.url()).pathname).toBe('/admin/search/');
    await page.context().close();
  }, 180_000);

  test('staff write notes on an organisation, and save filters', async () => {
    const { page } = await world.as('staff', {}, NO_SCRIPT);
    await page.goto(world.address('/admin/tenants/:noted/'));
    await send(page, '/admin/tenants/:id/notes/', { text: 'Prefers the phone.' });
    await expectText(page, 'Prefers the phone.');
    await page.goto(world.address('/admin/tenants/:noted/notes/:note/edit/'));
    await send(page, '/admin/tenants/:id/notes/:id/edit/', { text: 'Called twice.' });
    await expectText(page, 'Called twice.');
    // Another one is deleted: the sample stays.
    await page.locator('main li', { hasText: 'Prefers the phone.' }).getByText('Delete').click();
    await send(page, '/admin/tenants/:id/notes/:id/delete/');
    expect(await page.getByText('Prefers the phone.').count()).toBe(0);

    await open(page, '/admin/users/?state=inactive');
    await page.getByText('Save this filter').click();
    await send(page, '/admin/users/saved/', { name: 'Off' });
    await page.goto(world.address('/admin/users/saved/:savedFilter/'));
    await send(page, '/admin/users/saved/:id/', { name: 'Ours', is_shared: true });
    await expectText(page, 'Ours');
    await send(page, '/admin/users/saved/:id/delete/', {}, 'main li:has-text("Off")');
    await expectText(page, 'The filter is deleted.');
    await page.context().close();
  }, 180_000);

  test('staff decide for an organisation what its plan does not say, and change its plan', async () => {
    const { page } = await world.as('staff', {}, NO_SCRIPT);
    const [row] = await world.atrium.sql<{ tenant: string; subscription: string }>(
      `SELECT tenant_id AS tenant, id AS subscription FROM subscription WHERE tenant_id = $1`,
      [world.people.admin.tenantId],
    );
    const reason = 'Agreed with their buyer on the phone';
    for (const [key, value] of [
      ['projects', '9'],
      ['api_keys', 'on'],
    ]) {
      await open(page, `/admin/tenants/${row!.tenant}/entitlements/${key}/`);
      await send(page, `/admin/tenants/:id/entitlements/${key}/`, { value: value!, reason });
      await expectText(page, reason);
    }
    const path = '/admin/subscriptions/:id/change/';
    await open(page, path.replace(':id', row!.subscription));
    await send(page, `${path} ?`, { plan: 'business', interval: 'month', seats: '14' });
    await expectText(page, '€336.00 per month');
    await send(page, path);
    expect(new URL(page.url()).pathname).not.toContain('/change/');
    await page.context().close();
  }, 180_000);

  test('a superuser starts and ends impersonation', async () => {
    const { page } = await world.as('staff', {}, NO_SCRIPT);
    const { userId } = world.people.admin;
    await open(page, `/admin/users/${userId}/act/`);
    const reason = 'The list of projects looks empty to them';
    await send(page, '/admin/users/:id/act/', { reason: 'short', minutes: '15' });
    await send(page, '/admin/users/:id/act/', { reason });
    expect(new URL(page.url()).pathname).toBe('/dashboard/');
    expect(await page.locator('section.acting').textContent()).toContain(
      'Staff is acting as Admin',
    );
    await open(page, '/projects/new/');
    const button = page.getByRole('button', { name: 'Add project' });
    expect(await button.isDisabled()).toBe(true);
    await page.fill('main [name="name"]', 'Not theirs');
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).pathname).toBe('/projects/new/');
    await send(page, '/on-behalf/stop/');
    expect(new URL(page.url()).pathname).toBe(`/admin/users/${userId}/`);
    await page.context().close();
  }, 180_000);

  test('an invitation is accepted after another signed-in person has signed out', async () => {
    const link = world.address('/invite/accept/:invitation/');
    const { page } = await world.as('newcomer', {}, NO_SCRIPT);
    await page.goto(link);
    await send(page, '/logout/', {}, 'main');
    await send(page, '/invite/accept/:token/', { password: PASSWORD, password_confirm: PASSWORD });
    await expectText(page, 'Profile');
    expect(new URL(page.url()).pathname).toBe('/profile/');
    await page.context().close();
  }, 180_000);

  test('every form of the product is exercised', async () => {
    const forms = new Set<string>();
    await walk(world, {}, NO_SCRIPT, async (page) => {
      for (const form of await page.locator('form').all()) forms.add(await form.evaluate(nameOf));
    });
    const isExcused = (form: string) => Object.keys(NOT_SENT).some((name) => form.startsWith(name));
    // The page of one flag is that of all.
    const sentOne = (form: string) =>
      sent.has(form.replace(/^\/admin\/flags\/\w+/, `/admin/flags/${flag()}`));
    const left = [...forms].filter((form) => !sentOne(form) && !isExcused(form));
    // A new form: send it in one of the tests above, as somebody without script would.
    expect(left).toEqual([]);
  }, 180_000);

  async function open(page: Page, path: string): Promise<void> {
    await page.goto(world.home + path);
  }

  type Values = Record<string, string | boolean | object>;

  /** Ticks a row, presses a button of the bar, and says yes to the question that follows. */
  async function tickAndSend(page: Page, row: string, bar: string, act: string) {
    await page.check(`${row} [data-tick]`);
    sent.add('/settings/users/bulk/ ?');
    await Promise.all([
      page.waitForEvent('domcontentloaded'),
      page.click(`button[form="${bar}"][value="${act}"]`),
    ]);
    await send(page, `/settings/users/bulk/ ${act}`);
  }

  /** Fills in and sends the form with that name, as `nameOf` has it, and waits for the page after it. */
  async function send(page: Page, name: string, values: Values = {}, within = 'body') {
    await Promise.all([page.waitForEvent('domcontentloaded'), press(page, name, values, within)]);
  }

  async function press(page: Page, name: string, values: Values = {}, within = 'body') {
    const form = await find(page, name, within);
    for (const [field, value] of Object.entries(values)) await fillIn(form, field, value);
    sent.add(name);
    await form.locator(`${BUTTON}:not([name=skip])`).first().click();
  }
});

async function find(page: Page, name: string, within: string): Promise<Locator> {
  for (const form of await page.locator(`${within} >> form`).all()) {
    const isIt = (await form.evaluate(nameOf)) === name;
    const button = form.locator(BUTTON).first();
    if (isIt && (await button.isVisible())) return form;
  }
  throw new Error(`There is no form ${name} to be seen on ${page.url()}`);
}

async function fillIn(form: Locator, name: string, value: unknown): Promise<void> {
  const field = form.locator(`[name="${name}"]`);
  const kind = await field
    .first()
    .evaluate((element) => element.getAttribute('type') ?? element.localName);
  if (kind === 'file') return field.setInputFiles(value as never);
  if (kind === 'select') return void (await field.selectOption(String(value)));
  if (kind === 'checkbox') return field.check();
  if (kind === 'radio') return form.locator(`[name="${name}"][value="${String(value)}"]`).check();
  return field.fill(String(value));
}

/** Where a form goes, ids left out; what it does there, or a question mark when it only asks. */
function nameOf(form: Element): string {
  const action = (form.getAttribute('action') ?? '')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, ':id')
    .replace(/[\w-]{43}/g, ':token');
  const act = form.querySelector('input[name=action]')?.getAttribute('value') ?? '';
  return `${action} ${form.getAttribute('method') === 'get' ? '?' : act}`.trim();
}

async function expectText(page: Page, text: string): Promise<void> {
  await page.locator(`main:has-text("${text}")`).waitFor();
}
