import { BillingNotices } from '../../src/billing/notices/billing-notices.service.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { startApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/waiting.js';
import { Organisation, travel } from './organisation.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({ BILLING_PROVIDER: 'sandbox' })));
afterAll(() => atrium.stop());

const send = () => runInContext({}, () => atrium.app.get(BillingNotices).sendDue());
const subjects = async (email: string) => {
  const mails = await atrium.sql<{ subject: string }>(
    `SELECT subject FROM kept_mail WHERE "to" = $1 AND subject ~ 'trial|payment failed|only read|mislukt|paiement'
     ORDER BY created_at`,
    [email],
  );
  return mails.map(({ subject }) => subject);
};
const told = (email: string, expected: readonly string[]) =>
  eventually(async () => (await subjects(email)).join('|') === expected.join('|')).catch(async () =>
    expect(await subjects(email)).toEqual(expected),
  );

test('admins are mailed once when a trial without a card ends soon, and members are not', async () => {
  const org = await Organisation.make(atrium, 'Arctic');
  const member = await atrium.people.memberOf('Arctic', 'member@arctic.test');
  await org.subscribe();
  await org.becomes('trial');
  // A notification that is dealt with later puts the real end back.
  await eventually(async () => {
    await atrium.sql(`UPDATE tenant SET access_until = now() + interval '2 days' WHERE id = $1`, [
      org.tenantId,
    ]);
    await send();
    return (await subjects(org.admin.email)).length > 0;
  });
  await Promise.all([send(), send()]);
  await told(org.admin.email, ['Your trial ends soon']);
  const mail = await atrium.mails.expect(org.admin.email, /trial ends/);
  expect(mail.text).toMatch(/The trial of Team ends on \d+ \w+ \d{4}/);
  expect(mail.text).toContain('http://atrium.test/settings/billing/');
  expect(await subjects(member.email)).toEqual([]);
  const notifications = await atrium.sql(
    `SELECT kind, member_id FROM notification WHERE tenant_id = $1 AND kind LIKE 'trial.%'`,
    [org.tenantId],
  );
  expect(notifications).toEqual([{ kind: 'trial.ends_soon', member_id: org.admin.profileId }]);
  await atrium.sql(`UPDATE tenant SET access_state = 'full', access_until = NULL WHERE id = $1`, [
    org.tenantId,
  ]);
});

test('each failed payment and the end of the grace are mailed once, in the language of the admin', async () => {
  const org = await Organisation.make(atrium, 'Boreal');
  await atrium.sql(
    `UPDATE user_profile SET language_id = (SELECT id FROM language WHERE code = 'nl') WHERE user_id = $1`,
    [org.admin.userId],
  );
  await org.subscribe('failing');
  await org.becomes('trial');
  await send();
  expect(await subjects(org.admin.email)).toEqual([]);
  await travel(atrium, 14.5);
  await org.becomes('grace');
  await send();
  await send();
  await told(org.admin.email, ['Een betaling is mislukt']);
  await travel(atrium, 3.1);
  await eventually(async () => {
    const [invoice] = await atrium.sql<{ attempts: number }>(
      `SELECT attempts FROM invoice WHERE tenant_id = $1 AND status = 'open'`,
      [org.tenantId],
    );
    return invoice?.attempts === 2;
  });
  await send();
  await send();
  await told(org.admin.email, ['Een betaling is mislukt', 'Een betaling is mislukt']);
  const all = ['Een betaling is mislukt', 'Een betaling is mislukt'];
  await eventually(async () => {
    await atrium.sql(`UPDATE tenant SET access_until = now() - interval '1 hour' WHERE id = $1`, [
      org.tenantId,
    ]);
    await Promise.all([send(), send()]);
    const kept = await atrium.sql(
      `SELECT 1 FROM kept_mail WHERE "to" = $1 AND subject LIKE 'Uw organisatie kan voorlopig%'`,
      [org.admin.email],
    );
    return kept.length === 1;
  });
  expect(await subjects(org.admin.email)).toEqual(all);
});
