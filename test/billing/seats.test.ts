import { startApp, type TestApp } from '../support/app.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { Reconciliation } from '../../src/billing/reconciliation/reconciliation.service.js';
import { PASSWORD } from '../support/people.js';
import { eventually } from '../support/waiting.js';
import { Organisation } from './organisation.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({ BILLING_PROVIDER: 'sandbox' })));
afterAll(() => atrium.stop());

/** Seats that are paid for at the provider. */
async function paidFor(org: Organisation): Promise<number> {
  const account = await runInContext({}, () => org.sandbox.read(org.customerId));
  return account!.subscriptions[0]!.quantity;
}

/** What is to be done in a moment is done now. */
const now = () =>
  atrium.sql(`UPDATE pgboss.job SET start_after = now() WHERE name = 'billing_seats'`);

async function settledAt(org: Organisation, seats: number): Promise<void> {
  await eventually(async () => {
    await now();
    return (await paidFor(org)) === seats && (await org.standing()).seats === seats;
  }, 30);
}

test('who joins is paid for from then on, and who leaves is not', async () => {
  const acme = await Organisation.make(atrium, 'Acme');
  await acme.subscribe();
  await acme.becomes('trial');
  const { browser } = acme.admin;
  const emails = ['ben@acme.test', 'cleo@acme.test', 'dan@acme.test', 'eve@acme.test'];
  await browser.visit('/settings/users/');
  const invite = { action: 'invite', email: emails.join(', '), role: 'member' };
  await browser.submit('/settings/users/', { ...invite, seats: '5' });
  expect(await paidFor(acme)).toBe(1);
  await Promise.all(
    emails.map(async (email) => {
      const { text } = await atrium.mails.expect(email);
      const [, token] = /invite\/accept\/([\w-]+)/.exec(text)!;
      const joined = await atrium.api().post('/invitations/accept', { token, password: PASSWORD });
      expect(joined.status).toBe(200);
    }),
  );
  await settledAt(acme, 5);

  const [ben] = await atrium.sql<{ id: string }>(
    `SELECT p.id FROM user_profile p JOIN users u ON u.id = p.user_id WHERE u.email = $1`,
    [emails[0]],
  );
  await browser.visit('/settings/users/');
  await browser.submit('/settings/users/', { action: 'deactivate', profile_id: ben!.id });
  await settledAt(acme, 4);
});

test('seats that were missed are found by reconciliation', async () => {
  const bits = await Organisation.make(atrium, 'Bits');
  await bits.subscribe();
  await bits.becomes('trial');
  await atrium.people.memberOf('Bits', 'colleague@bits.test');
  const found = await runInContext({}, () => atrium.app.get(Reconciliation).run());
  expect(found.seats).toBe(1);
  expect(await paidFor(bits)).toBe(2);
});

describe('before people are invited over the number of seats that is paid for', () => {
  const invite = (org: Organisation, email: string, more = {}) =>
    org.admin.browser.fill('/settings/users/', {
      ...{ action: 'invite', email, role: 'admin', ...more },
    });
  const invited = async (org: Organisation) =>
    (await atrium.sql('SELECT 1 FROM invitation WHERE tenant_id = $1', [org.tenantId])).length;

  test('the admin sees what it costs, and agrees to it', async () => {
    const cove = await Organisation.make(atrium, 'Cove');
    await cove.subscribe('good', { plan: 'business', interval: 'month' });
    await cove.becomes('full');
    const asked = await invite(cove, 'ann@cove.test, bob@cove.test');
    expect(asked.status).toBe(422);
    const notice = asked.at('[data-form-errors]');
    expect(notice).toContain('you need 3 seats. You pay for 1.');
    expect(notice).toContain('€72.00 per month excl. VAT');
    // The period has just begun: two seats of €24 for all of it.
    expect(notice).toContain('€48.00 excl. VAT');
    expect(notice).toContain('€10.08');
    expect(await invited(cove)).toBe(0);
    expect(asked.value('email')).toBe('ann@cove.test, bob@cove.test');
    expect(asked.document.querySelector('[name=role][value=admin]')!.hasAttribute('checked')).toBe(
      true,
    );
    // Another list than the one whose price was seen is asked about again.
    const emails = 'ann@cove.test, bob@cove.test, cas@cove.test';
    const again = await invite(cove, emails, { seats: '3' });
    expect(again.at('[data-form-errors]')).toContain('you need 4 seats');
    const sent = await cove.admin.browser.submit('/settings/users/', { action: 'invite' });
    expect(sent.status).toBe(303);
    expect(await invited(cove)).toBe(3);
    // Somebody who is invited already takes no other seat.
    const twice = await invite(cove, 'ann@cove.test');
    expect(twice.text).toContain('already has an invitation');
    expect(twice.document.querySelector('input[name=seats]')).toBeNull();
  });

  test('to ask for the price counts as inviting, since it asks the provider', async () => {
    const pier = await Organisation.make(atrium, 'Pier');
    await pier.subscribe('good', { plan: 'business', interval: 'month' });
    await pier.becomes('full');
    await atrium.sql('DELETE FROM rate_limit');
    expect((await invite(pier, 'ann@pier.test, bob@pier.test, cas@pier.test')).status).toBe(422);
    const [most] = await atrium.sql('SELECT max(hits) AS hits FROM rate_limit');
    expect(most).toEqual({ hits: 3 });
  });

  test('a provider that does not answer keeps nobody from inviting', async () => {
    const down = await Organisation.make(atrium, 'Down');
    await down.subscribe('good', { plan: 'business', interval: 'year' });
    await down.becomes('full');
    await runInContext({}, () => down.sandbox.configure({ isDown: true }));
    try {
      const asked = await invite(down, 'ann@down.test');
      expect(asked.at('[data-form-errors]')).toContain('the payment provider does not answer');
      expect(asked.at('[data-form-errors]')).toContain('€480.00 per year excl. VAT');
      expect((await invite(down, 'ann@down.test', { seats: '2' })).status).toBe(303);
    } finally {
      await runInContext({}, () => down.sandbox.configure({ isDown: false }));
    }
  });

  test('staff who act on behalf see no prices', async () => {
    const quay = await Organisation.make(atrium, 'Quay');
    await quay.subscribe('good', { plan: 'business', interval: 'month' });
    await quay.becomes('full');
    await atrium.people.staff('staff@quay.test', true);
    const { browser } = await atrium.people.signedIn('staff@quay.test');
    const why = { reason: 'Invites a colleague for them', mode: 'change' };
    await browser.fill(`/admin/users/${quay.admin.userId}/act/`, why);
    const asked = await browser.fill('/settings/users/', {
      ...{ action: 'invite', email: 'ann@quay.test', role: 'member' },
    });
    expect(asked.at('[data-form-errors]')).toContain('you need 2 seats');
    expect(asked.at('[data-form-errors]')).not.toContain('€');
  });
});
