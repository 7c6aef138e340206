import { runInContext } from '../../src/core/context/request-context.js';
import { Sandbox } from '../../src/billing/sandbox/sandbox.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Sight } from '../support/browser.js';
import { eventually } from '../support/waiting.js';
import { Organisation, travel } from './organisation.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({ BILLING_PROVIDER: 'sandbox' })));
afterAll(() => atrium.stop());

const BILLING = '/settings/billing/';
const made = (name: string) => Organisation.make(atrium, name);
const billing = (org: Organisation) => org.admin.browser.visit(BILLING);

const notice = async ({ admin }: Organisation) =>
  (await admin.browser.visit('/dashboard/')).at('[data-plan-notice]');

/** Chooses a plan on the page of the plans, and pays at the provider. */
async function buy(
  org: Organisation,
  plan: string,
  card: string,
  interval = 'month',
): Promise<Sight> {
  const { browser } = org.admin;
  const plans = await browser.visit(`${BILLING}plans/?interval=${interval}`);
  expect(plans.form(`${BILLING}checkout/`)).toMatchObject({ plan: 'team', interval });
  const checkout = await browser.submit(`${BILLING}checkout/`, { plan });
  expect(checkout.status).toBe(303);
  expect(checkout.location).toMatch(/^\/dev\/billing\/checkout\/\w+\/$/);
  return browser.follow(await browser.fill(checkout.location!, { card }));
}

test('an organisation without a subscription sees the plan Free and how to choose another', async () => {
  const org = await made('Freia');
  const page = await billing(org);
  expect(page.text).toContain('Free, 1 of 3 members.');
  expect(page.text).toContain('No invoices yet');
  expect(page.text).toContain('No payment method yet.');
  const plans = await org.admin.browser.visit(`${BILLING}plans/`);
  expect(plans.text).toContain('€12.00 per seat per month');
  expect(plans.text).toContain('Try Team for 14 days');
  const yearly = await org.admin.browser.visit(`${BILLING}plans/?interval=year`);
  expect(yearly.text).toContain('€10.00 per seat per month');
  expect(yearly.text).toContain('€120.00 per seat per year');
  expect(yearly.text).toContain('16% off');
});

test('an admin buys a plan, comes back, and sees the trial and the card', async () => {
  const org = await made('Beacon');
  const back = await buy(org, 'team', 'good');
  expect(back.text).toContain('Your subscription is ready');
  expect(back.text).toContain('Team, 14 days of trial left');
  expect(back.text).toContain('Visa •••• 4242');
  await travel(atrium, 15);
  await org.becomes('full');
  const page = await billing(org);
  expect(page.text).toMatch(/Team, 1 of 1 seats, renews on \d+ \w+ \d{4} for €12\.00 excl\. VAT\./);
  expect(page.at('tbody tr')).toContain('€14.52');
  expect(page.at('tbody tr')).toContain('Paid');
});

test('coming back from the provider grants nothing, and the page asks for itself again', async () => {
  const org = await made('Cobalt');
  await org.checkout();
  const [checkout] = await atrium.sql<{ id: string }>(
    'SELECT id FROM checkout WHERE tenant_id = $1',
    [org.tenantId],
  );
  const page = await org.admin.browser.visit(`${BILLING}return/${checkout!.id}/`);
  expect(page.status).toBe(200);
  expect(page.text).toContain('Waiting for the payment');
  expect(page.document.querySelector('meta[http-equiv="refresh"]')).not.toBeNull();
  expect((await org.standing()).access_state).toBe('free');
  const other = await made('Corsair');
  const foreign = await other.admin.browser.visit(`${BILLING}return/${checkout!.id}/`);
  expect(foreign.status).toBe(404);
});

test('the difference in price is shown before a plan is changed', async () => {
  const org = await made('Delta');
  await buy(org, 'team', 'good');
  await travel(atrium, 15);
  await org.becomes('full');
  const { browser } = org.admin;
  const plans = await browser.visit(`${BILLING}plans/?interval=month`);
  expect(plans.text).toContain('Your plan');
  expect(plans.text).toContain('To go back to Free, cancel your subscription.');
  const links = plans.document.querySelectorAll('main li a').map((a) => a.getAttribute('href'));
  expect(links.map((href) => href?.replace('&amp;', '&'))).toEqual([
    `${BILLING}plan/?plan=business&interval=month`,
  ]);
  const prices = await browser.visit('/pricing/?interval=year');
  expect(prices.document.querySelector('main li a')?.getAttribute('href')).toBe(
    `${BILLING}plans/?interval=year`,
  );
  const question = await browser.visit(`${BILLING}plan/?plan=business&interval=month`);
  expect(question.text).toContain('€12.00 per month excl. VAT');
  expect(question.text).toContain('€24.00 per month excl. VAT');
  expect(question.text).toMatch(/€1[12]\.\d\d excl\. VAT, for the rest of this period/);
  expect((await org.standing()).plan_key).toBe('team');
  const changed = await browser.follow(await browser.submit(`${BILLING}plan/`));
  expect(changed.text).toContain('Your plan has been changed');
  expect(changed.text).toMatch(/Business, 1 of 1 seats, renews on .* for €24\.00/);
  const nonsense = await browser.visit(`${BILLING}plan/?plan=gold&interval=month`);
  expect(nonsense.location).toBe(`${BILLING}plans/`);
});

test('seats are priced before they are paid, and never fewer than there are members', async () => {
  const org = await made('Echelon');
  await atrium.people.memberOf('Echelon', 'member@echelon.test');
  await buy(org, 'team', 'good');
  await travel(atrium, 15);
  await org.becomes('full');
  const { browser } = org.admin;
  const preview = await browser.visit(`${BILLING}seats/?seats=5`);
  expect(preview.text).toContain('€60.00 per month excl. VAT');
  expect(preview.text).toContain('Pay for 5 seats');
  const paid = await browser.follow(await browser.post(`${BILLING}seats/`, { seats: '5' }));
  expect(paid.text).toContain('Team, 2 of 5 seats');
  const few = await browser.visit(`${BILLING}seats/?seats=1`);
  expect(few.text).toContain('Your organisation has 2 members');
  expect(few.text).not.toContain('Pay for');
  const refused = await browser.post(`${BILLING}seats/`, { seats: '1' });
  expect(refused.status).toBe(422);
  expect(refused.errorOf('seats')).toContain('2 members');
});

test('a subscription is cancelled at the end of the period, and the admin takes it back', async () => {
  const org = await made('Fathom');
  await buy(org, 'team', 'good');
  await travel(atrium, 15);
  await org.becomes('full');
  const { browser } = org.admin;
  await browser.visit(BILLING);
  const cancelled = await browser.follow(await browser.submit(`${BILLING}cancel/`));
  expect(cancelled.text).toMatch(/Team, 1 of 1 seats, ends on/);
  expect(cancelled.text).toContain('After that your organisation goes on with the plan Free');
  const resumed = await browser.follow(await browser.submit(`${BILLING}resume/`));
  expect(resumed.text).toMatch(/Team, 1 of 1 seats, renews on/);
});

test('a failed payment, the end of the grace and a payment afterwards are told with the way to pay', async () => {
  const org = await made('Gannet');
  await buy(org, 'team', 'failing');
  await travel(atrium, 14.5);
  await org.becomes('grace');
  const due = await billing(org);
  expect(due.text).toContain('A payment has been overdue since');
  expect(due.text).toContain('We could not collect your payment');
  expect(due.text).toContain('Pay now');
  expect(due.at('[data-plan-notice]')).toBe('');
  expect(await notice(org)).toContain('A payment failed');
  await billing(org);
  const portal = await org.admin.browser.submit(`${BILLING}portal/`);
  expect(portal.location).toBe(`/dev/billing/portal/${org.customerId}/`);
  await travel(atrium, 15);
  await eventually(async () => (await org.standing()).access_until! < new Date());
  const closed = await billing(org);
  expect(closed.text).toContain('your organisation can only read for now');
  expect(await notice(org)).toContain('only read until it is paid');
  await org.card('good');
  await org.becomes('full');
  expect(await notice(org)).toBe('');
});

test('a first payment that waits for its confirmation leads to the confirmation', async () => {
  const org = await made('Heron');
  const back = await buy(org, 'business', 'confirming');
  expect(back.text).toContain('Your first payment for Business is not finished yet.');
  const link = back.document.querySelector(`a[href*="/dev/billing/portal/${org.customerId}/"]`);
  expect(link?.textContent).toContain('Confirm the payment');
  expect((await org.standing()).access_state).toBe('free');
});

test('three days before a trial without a card ends, admins see a banner and members do not', async () => {
  const org = await made('Ibis');
  const member = await atrium.people.memberOf('Ibis', 'member@ibis.test');
  await buy(org, 'team', 'good');
  // What is set below is not to be set again by what the provider tells of the purchase.
  const open = `SELECT 1 FROM billing_event WHERE state <> 'done'`;
  await eventually(async () => (await atrium.sql(open)).length === 0);
  expect(await notice(org)).toBe('');
  await atrium.sql(
    `UPDATE tenant SET access_state = 'trial', access_until = now() + interval '4 days' WHERE id = $1`,
    [org.tenantId],
  );
  expect(await notice(org)).toBe('');
  await atrium.sql(`UPDATE tenant SET access_until = now() + interval '60 hours' WHERE id = $1`, [
    org.tenantId,
  ]);
  expect(await notice(org)).toContain('The trial of Team ends on');
  expect((await member.browser.visit('/dashboard/')).at('[data-plan-notice]')).toBe('');
});

test('billing details are checked, kept, and told to the provider', async () => {
  const org = await made('Jasper');
  await buy(org, 'team', 'good');
  const { browser } = org.admin;
  const wrong = await browser.fill(`${BILLING}details/`, {
    ...DETAILS,
    vat_number: 'BE 0403.170.702',
  });
  expect(wrong.status).toBe(422);
  expect(wrong.errorOf('vat_number')).toContain('not a VAT number');
  const nowhere = await browser.fill(`${BILLING}details/`, { ...DETAILS, country: 'XX' });
  expect(nowhere.status).toBe(422);
  const saved = await browser.follow(await browser.fill(`${BILLING}details/`, DETAILS));
  expect(saved.text).toContain('Your billing details have been saved');
  expect(saved.text).toContain('VAT BE0403170701');
  const account = () => runInContext({}, () => atrium.app.get(Sandbox).read(org.customerId));
  await eventually(async () => (await account())?.name === 'Jasper NV');
  expect(await account()).toMatchObject({ vatNumber: 'BE0403170701', country: 'BE' });
});

test('billing details are saved while the provider does not answer, and told to it later', async () => {
  const org = await made('Krill');
  await buy(org, 'team', 'good');
  const sandbox = <T>(work: (it: Sandbox) => Promise<T>) =>
    runInContext({}, () => work(atrium.app.get(Sandbox)));
  await sandbox((it) => it.configure({ isDown: true }));
  try {
    const saved = await org.admin.browser.fill(`${BILLING}details/`, {
      ...DETAILS,
      vat_number: '',
    });
    expect([saved.status, saved.location]).toEqual([303, BILLING]);
  } finally {
    await sandbox((it) => it.configure({ isDown: false }));
  }
  await eventually(async () => {
    await atrium.sql(`UPDATE pgboss.job SET start_after = now() WHERE state = 'retry'`);
    return (await sandbox((it) => it.read(org.customerId)))?.name === DETAILS.legal_name;
  }, 30);
});

test('of two admins who edit the billing details at once, the second one is told', async () => {
  const org = await made('Kelp');
  const second = await atrium.people.adminOf('Kelp', 'second@kelp.test');
  await second.browser.visit(`${BILLING}details/`);
  await org.admin.browser.fill(`${BILLING}details/`, { ...DETAILS, city: 'Brugge' });
  const refused = await second.browser.submit(`${BILLING}details/`, DETAILS);
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('Somebody else has saved the billing details');
  expect(refused.text).toContain('Brugge');
  expect((await second.browser.submit(`${BILLING}details/`)).status).toBe(303);
  expect((await billing(org)).text).toContain('Gent');
});

test('an invoice is a page to print and a file for the access point', async () => {
  const org = await made('Lumen');
  await buy(org, 'team', 'good');
  await travel(atrium, 15);
  await org.becomes('full');
  const { browser } = org.admin;
  const [invoice] = await atrium.sql<{ id: string }>(
    'SELECT id FROM invoice WHERE tenant_id = $1',
    [org.tenantId],
  );
  const path = `${BILLING}invoices/${invoice!.id}/`;
  const early = await browser.visit(path);
  expect(early.text).toContain('The e-invoice needs your billing details');
  expect((await browser.visit(`${path}ubl/`)).status).toBe(404);
  await browser.fill(`${BILLING}details/`, { ...DETAILS, vat_number: 'BE0428759497' });
  const page = await browser.visit(path);
  expect(page.text).toContain('Team, per seat and month');
  expect(page.text).toContain('VAT 21% on €12.00');
  expect(page.text).toContain('€14.52');
  const file = await browser.visit(`${path}ubl/`);
  expect(file.response.get('content-type')).toBe('application/xml');
  const xml = file.response.text;
  expect(xml).toContain('<cbc:TaxInclusiveAmount currencyID="EUR">14.52</cbc:TaxInclusiveAmount>');
  expect(xml).toContain('Jasper NV');

  const other = await made('Mistral');
  expect((await other.admin.browser.visit(path)).status).toBe(404);
  expect((await other.admin.browser.visit(`${path}ubl/`)).status).toBe(404);
});

const DETAILS = {
  legal_name: 'Jasper NV',
  email: 'invoices@jasper.test',
  address: 'Kouter 1',
  postal_code: '9000',
  city: 'Gent',
  country: 'BE',
  vat_number: 'be 0403.170.701',
  purchase_order: 'PO-7',
};

test('members and staff on behalf of somebody reach nothing of billing', async () => {
  const org = await made('Nimbus');
  const member = await atrium.people.memberOf('Nimbus', 'member@nimbus.test');
  const staff = await atrium.people.staff('staff@atrium.test', true);
  const form = { reason: 'Looking into a question about billing', minutes: '30', mode: 'change' };
  await staff.browser.fill(`/admin/users/${org.admin.userId}/act/`, form);
  for (const path of PATHS) {
    expect([path, (await member.browser.visit(BILLING + path)).status]).toEqual([path, 403]);
    expect([path, (await staff.browser.visit(BILLING + path)).status]).toEqual([path, 403]);
  }
});

const PATHS = ['', 'plans/', 'plan/?plan=team&interval=month', 'seats/', 'details/'];

test('the prices are public, by the month and by the year, and a visitor starts from there', async () => {
  const visitor = atrium.browser();
  expect((await visitor.visit('/')).document.querySelector('a[href="/pricing/"]')).not.toBeNull();
  const monthly = await visitor.visit('/pricing/');
  expect(monthly.text).toContain('€12.00 per seat per month');
  const yearly = await visitor.visit('/pricing/?interval=year');
  expect(yearly.text).toContain('€10.00 per seat per month');
  expect(yearly.document.querySelector('main a[href="/register/"]')?.textContent).toContain(
    'Start',
  );
  expect((await visitor.visit('/pricing/?interval=decade')).text).toContain('€12.00');
});

test('where the provider does not answer, the admin is told and nothing changes', async () => {
  const org = await made('Osprey');
  await buy(org, 'team', 'good');
  const sandbox = atrium.app.get(Sandbox);
  await runInContext({}, () => sandbox.configure({ isDown: true }));
  try {
    const { browser } = org.admin;
    expect((await browser.visit(BILLING)).status).toBe(200);
    const told = await browser.follow(await browser.submit(`${BILLING}cancel/`));
    expect(told.text).toContain('The payment provider does not answer right now');
    const seats = await browser.follow(await browser.visit(`${BILLING}seats/`));
    expect(seats.text).toContain('The payment provider does not answer right now');
  } finally {
    await runInContext({}, () => sandbox.configure({ isDown: false }));
  }
});
