import { Reconciliation } from '../../src/billing/reconciliation/reconciliation.service.js';
import type { Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';
import { startManual, type ManualWorld } from './manual-world.js';

let world: ManualWorld;
let root: Person;
beforeAll(async () => {
  world = await startManual({ BILLING_PROVIDER: 'manual' });
  root = await world.atrium.people.staff('root@atrium.test', true);
});
afterAll(() => world.stop());

const SALE = {
  plan: 'team',
  interval: 'month',
  seats: '3',
  payment_days: '14',
  language: 'nl-BE',
  legal_name: 'Acme NV',
  email: 'facturen@acme.example',
  address: 'Grote Markt 2',
  postal_code: '2000',
  city: 'Antwerpen',
  country: 'BE',
  vat_number: 'BE0428759497',
  purchase_order: 'PO-7',
};

interface InvoiceRow {
  id: string;
  number: string;
  status: string;
  total: string;
}

async function organisation(name: string): Promise<string> {
  const admin = await world.atrium.people.adminOf(name, `admin@${name.toLowerCase()}.test`);
  return admin.tenantId!;
}

const pageOf = (tenantId: string) => `/admin/tenants/${tenantId}/sell/`;

const sell = (tenantId: string, changes: Record<string, string> = {}, { browser } = root) =>
  browser.fill(pageOf(tenantId), { ...SALE, ...changes });

const invoicesOf = (tenantId: string) =>
  world.atrium.sql<InvoiceRow>(
    `SELECT id, number, status, total FROM invoice WHERE tenant_id = $1 ORDER BY number`,
    [tenantId],
  );

const planOf = async (tenantId: string) => {
  const [row] = await world.atrium.sql<{ access_state: string; plan_key: string; seats: number }>(
    'SELECT access_state, plan_key, seats FROM tenant WHERE id = $1',
    [tenantId],
  );
  return row!;
};

const subscriptionOf = async (tenantId: string) => {
  const [row] = await world.atrium.sql<{ id: string; trial_ends_at: Date | null }>(
    'SELECT id, trial_ends_at FROM subscription WHERE tenant_id = $1 AND is_live',
    [tenantId],
  );
  return row!;
};

const audited = (tenantId: string, action: string) =>
  world.atrium.sql<{ actor_name: string; changes: Record<string, unknown> | null }>(
    `SELECT actor_name, changes FROM audit_entry
     WHERE tenant_id = $1 AND action = $2 ORDER BY position`,
    [tenantId, action],
  );

const followed = (answer: Sight) => root.browser.follow(answer);

describe('selling', () => {
  test('staff find an organisation, sell a plan to it, and it has the plan and the invoice at once', async () => {
    const tenantId = await organisation('Bakery');
    const list = await root.browser.visit('/admin/subscriptions/');
    expect(list.document.querySelector('a[href="/admin/subscriptions/sell/"]')).not.toBeNull();
    const found = await root.browser.visit('/admin/subscriptions/sell/?q=bak');
    expect(found.document.querySelectorAll('main ul a').map((a) => a.getAttribute('href'))).toEqual(
      [pageOf(tenantId)],
    );
    const page = await root.browser.visit(`/admin/tenants/${tenantId}/`);
    expect(page.document.querySelector(`a[href="${pageOf(tenantId)}"]`)).not.toBeNull();

    const sold = await followed(await sell(tenantId));
    expect(sold.at('[data-notices]')).toContain('The subscription is sold.');
    expect(await planOf(tenantId)).toEqual({ access_state: 'full', plan_key: 'team', seats: 3 });
    const [invoice] = await invoicesOf(tenantId);
    expect(invoice).toMatchObject({ status: 'open', total: '4356' });

    const mail = await world.atrium.mails.expect('facturen@acme.example', /^Factuur/);
    expect(mail.subject).toBe(`Factuur ${invoice!.number}`);
    expect(mail.text).toContain('BE68 5390 0754 7034');
    expect(mail.text).toMatch(/\+\+\+\d{3}\/\d{4}\/\d{5}\+\+\+/);
    expect(await audited(tenantId, 'subscription.sold')).toMatchObject([{ actor_name: 'Root' }]);
  });

  test('what is wrong is said at the field, and what was typed stays', async () => {
    const tenantId = await organisation('Typo');
    const refused = await sell(tenantId, { vat_number: 'BE0428759498', start: '2019-01-01' });
    expect([refused.status, refused.value('legal_name')]).toEqual([422, 'Acme NV']);
    expect(refused.text).toContain('Choose a day within the past month');
    const number = await sell(tenantId, { vat_number: 'BE0428759498' });
    expect(number.status).toBe(422);
    expect(number.text).toContain('This is not a VAT number of the chosen country');
    await world.atrium.people.memberOf('Typo', 'second@typo.test');
    const few = await sell(tenantId, { seats: '1' });
    expect(few.text).toContain('The organisation has 2 members');
    expect(await invoicesOf(tenantId)).toEqual([]);
  });

  test('one that has a subscription is refused in words, also when two of staff sell at once', async () => {
    const tenantId = await organisation('Twice');
    const other = await world.atrium.people.staff('other@atrium.test', true);
    const answers = await Promise.all([sell(tenantId), sell(tenantId, {}, other)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
    expect(await invoicesOf(tenantId)).toHaveLength(1);
    const page = await root.browser.visit(pageOf(tenantId));
    expect(page.text).toContain('This organisation has a subscription already.');
    expect(page.document.querySelector('main form[method=post]')).toBeNull();
    const again = await root.browser.post(pageOf(tenantId), SALE);
    expect(again.status).toBe(422);
    expect(again.text).toContain('Change or end that one first.');
  });

  test('a first paid day to come is a trial until then; one that was is the beginning of the period', async () => {
    const [later, earlier] = [await organisation('Later'), await organisation('Earlier')];
    const day = (days: number) =>
      new Date(+world.books.now() + days * 86_400_000).toISOString().slice(0, 10);
    await sell(later, { start: day(20) });
    expect(await planOf(later)).toMatchObject({ access_state: 'trial', plan_key: 'team' });
    expect((await subscriptionOf(later)).trial_ends_at!.toISOString()).toBe(
      `${day(20)}T12:00:00.000Z`,
    );
    expect(await invoicesOf(later)).toEqual([]);

    await sell(earlier, { start: day(-10) });
    const [line] = await world.atrium.sql<{ start: string; end: string }>(
      `SELECT period_start::date::text AS start, period_end::date::text AS end FROM invoice_line
       WHERE tenant_id = $1`,
      [earlier],
    );
    expect(line!.start).toBe(day(-10));
    // The day before the next period begins.
    const next = new Date(`${day(-10)}T12:00:00Z`);
    next.setUTCMonth(next.getUTCMonth() + 1);
    expect(Date.parse(line!.end)).toBeLessThan(Date.parse(next.toISOString().slice(0, 10)));
  });
});

describe('a subscription that was sold', () => {
  test('is changed after its price was shown, cancelled, and goes on again', async () => {
    const tenantId = await organisation('Changes');
    await sell(tenantId);
    const { id } = await subscriptionOf(tenantId);
    const path = `/admin/subscriptions/${id}/`;
    const choice = { plan: 'business', interval: 'month', seats: '4' };
    const query = new URLSearchParams(choice).toString();
    const asked = await root.browser.visit(`${path}change/?${query}`);
    expect(asked.text).toContain('€96.00 per month excl. VAT');
    expect((await planOf(tenantId)).plan_key).toBe('team');
    const changed = await followed(await root.browser.post(`${path}change/`, choice));
    expect(changed.at('[data-notices]')).toContain('The subscription has been changed.');
    expect(await planOf(tenantId)).toMatchObject({ plan_key: 'business', seats: 4 });
    expect(await invoicesOf(tenantId)).toHaveLength(2);

    const few = await root.browser.visit(`${path}change/?plan=team&interval=week&seats=0`);
    expect(few.document.querySelectorAll('.field-error').length).toBeGreaterThan(1);

    await root.browser.fill(`${path}cancel/`);
    const cancelled = await root.browser.visit(path);
    expect(cancelled.document.querySelector(`a[href="${path}resume/"]`)).not.toBeNull();
    expect(cancelled.document.querySelector(`a[href="${path}cancel/"]`)).toBeNull();
    await root.browser.fill(`${path}resume/`);
    const actions = ['changed_by_staff', 'cancelled_by_staff', 'resumed_by_staff'];
    for (const action of actions) {
      expect(await audited(tenantId, `subscription.${action}`)).toHaveLength(1);
    }
  });

  test('keeps the seats that were agreed on, whoever comes or goes', async () => {
    const tenantId = await organisation('Agreed');
    await sell(tenantId, { seats: '5' });
    await world.atrium.people.memberOf('Agreed', 'second@agreed.test');
    await world.atrium.app.get(Reconciliation, { strict: false }).run();
    expect(await planOf(tenantId)).toMatchObject({ seats: 5 });
    expect(await invoicesOf(tenantId)).toHaveLength(1);
  });

  test('has a trial extended by so many days, once for each form', async () => {
    const tenantId = await organisation('Trial');
    const start = new Date(+world.books.now() + 5 * 86_400_000).toISOString().slice(0, 10);
    await sell(tenantId, { start });
    const { id, trial_ends_at: before } = await subscriptionOf(tenantId);
    const path = `/admin/subscriptions/${id}/extend_trial/`;
    const typed = { days: '10', reason: 'Their holidays' };
    const short = await root.browser.fill(path, { days: '10', reason: '' });
    expect(short.status).toBe(422);
    const page = await root.browser.visit(path);
    await root.browser.submit(path, typed);
    const { trial_ends_at: after } = await subscriptionOf(tenantId);
    expect(+after! - +before!).toBe(10 * 86_400_000);
    const again = await root.browser.post(path, { ...page.form(path), ...typed });
    expect(again.status).toBe(422);
    expect(again.text).toContain('The end of the trial has changed');
    expect(await audited(tenantId, 'subscription.trial_extended')).toMatchObject([
      { changes: { reason: { to: 'Their holidays' } } },
    ]);
  });
});

describe('an invoice of ours', () => {
  const sold = async (name: string) => {
    const tenantId = await organisation(name);
    await sell(tenantId);
    const [invoice] = await invoicesOf(tenantId);
    return { tenantId, invoice: invoice!, path: `/admin/invoices/${invoice!.id}/` };
  };

  test('is marked as paid once, with its day and reference, by whoever of two is first', async () => {
    const { tenantId, invoice, path } = await sold('Payer');
    const early = await root.browser.fill(`${path}paid/`, { paid_on: '2020-01-01' });
    expect(early.status).toBe(422);
    expect(early.text).toContain('Choose a day between the date of the invoice and today.');
    const other = await world.atrium.people.staff('accounts@atrium.test', true);
    const [one, two] = await Promise.all([
      root.browser.fill(`${path}paid/`, { reference: 'CODA 7' }),
      other.browser.fill(`${path}paid/`, { reference: 'CODA 8' }),
    ]);
    expect([one.status, two.status]).toEqual([303, 303]);
    const told = [await followed(one), await other.browser.follow(two)].map((sight) =>
      sight.at('[data-notices]'),
    );
    expect(told.filter((text) => text.includes('is marked as paid'))).toHaveLength(1);
    expect(told.filter((text) => text.includes('was marked as paid before'))).toHaveLength(1);
    expect(await invoicesOf(tenantId)).toMatchObject([{ id: invoice.id, status: 'paid' }]);
    expect(await audited(tenantId, 'invoice.paid')).toHaveLength(1);
    const late = await root.browser.visit(`${path}paid/`);
    expect(late.location).toBe(path);
  });

  test('is taken back by one credit note, which is mailed, however many ask for it', async () => {
    const { tenantId, invoice, path } = await sold('Creditor');
    const asked = await root.browser.visit(`${path}credit/`);
    expect(asked.text).toContain(`Issue a credit note for invoice ${invoice.number}?`);
    const other = await world.atrium.people.staff('finance@atrium.test', true);
    await Promise.all([root.browser.fill(`${path}credit/`), other.browser.fill(`${path}credit/`)]);
    const all = await invoicesOf(tenantId);
    expect(all.map(({ status, total }) => [status, total])).toEqual([
      ['void', '4356'],
      ['paid', '-4356'],
    ]);
    expect(await audited(tenantId, 'invoice.credited')).toHaveLength(1);
    const mail = await world.atrium.mails.expect('facturen@acme.example', /^Creditnota/);
    expect(mail.text).toContain(invoice.number);
    const paid = await root.browser.post(`${path}paid/`, { paid_on: world.books.today });
    expect(paid.status).toBe(422);
  });

  test('is read and downloaded by any staff, and its list says amounts in money', async () => {
    const { invoice, path } = await sold('Reader');
    const helper = await world.atrium.people.staff('helper@atrium.test');
    const page = await helper.browser.visit(path);
    expect(page.document.querySelector(`a[href="${path}document/"]`)).not.toBeNull();
    expect(page.document.querySelector(`a[href="${path}paid/"]`)).toBeNull();
    expect(page.text).toContain('€43.56');
    const document = await helper.browser.visit(`${path}document/`);
    for (const said of ['Acme NV', 'Atrium Software NV', '€43.56', 'PO-7', 'BE68 5390 0754 7034']) {
      expect(document.text).toContain(said);
    }
    const file = await helper.browser.visit(`${path}ubl/`);
    expect(file.response.headers['content-disposition']).toBe(
      `attachment; filename="${invoice.number}.xml"`,
    );
    expect((await helper.browser.visit(`${path}paid/`)).status).toBe(403);
    const typed = { paid_on: world.books.today };
    expect((await helper.browser.post(`${path}paid/`, typed)).status).toBe(403);
  });
});

test('the start page tells what is earned each month, with a table behind each chart', async () => {
  await world.atrium.sql('UPDATE subscription SET is_live = false, ended_at = started_at');
  const [month, year] = [await organisation('Monthly'), await organisation('Yearly')];
  await sell(month, { seats: '5' });
  await sell(year, { seats: '10', interval: 'year' });
  const start = await root.browser.visit('/admin/');
  const sections = start.document.querySelectorAll('section');
  const chart = sections.find(
    (each) => each.querySelector('h2')?.textContent === 'Monthly recurring revenue',
  )!;
  // 5 × €12 a month, and 10 × €120 a year.
  expect(chart.querySelectorAll('tbody tr').at(-1)!.textContent).toContain('€160.00');
  const tiles = start.document
    .querySelectorAll('main li.panel a')
    .map((tile) => tile.textContent.replace(/\s+/g, ' ').trim());
  expect(tiles).toContain('Monthly recurring revenue€160.00');
  expect(tiles).toContain('Payment overdue0');
});
