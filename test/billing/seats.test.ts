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
  await browser.submit('/settings/users/', {
    ...{ action: 'invite', email: emails.join(', '), role: 'member' },
  });
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
