import { runInContext } from '../../../src/core/context/request-context.js';
import type { TestApp } from '../../support/app.js';
import { PASSWORD } from '../../support/people.js';
import { eventually } from '../../support/waiting.js';
import { Organisation } from '../organisation.js';
import { IS_WHOLE, type Proof } from './print.js';

const AT_ONCE = IS_WHOLE ? 50 : 8;

/** However many join and leave at once, in the end as many seats are paid for as there are people who can act. */
export async function proveSeats(atrium: TestApp): Promise<Proof> {
  const org = await Organisation.make(atrium, 'Seats');
  await org.subscribe('good', { plan: 'business', interval: 'month' });
  await org.becomes('full');
  const names = Array.from({ length: AT_ONCE }, (_, number) => number);
  const leaving: string[] = [];
  for (const number of names.filter((one) => one % 2 === 1)) {
    const { profileId } = await atrium.people.memberOf('Seats', `leaves${number}@seats.test`);
    leaving.push(profileId);
  }
  const joining = names.filter((one) => one % 2 === 0).map((one) => `joins${one}@seats.test`);
  const { browser } = org.admin;
  await browser.visit('/settings/users/');
  await browser.submit('/settings/users/', {
    ...{ action: 'invite', email: joining.join(', '), role: 'member', seats: '999' },
  });
  const tokens: string[] = [];
  for (const email of joining) {
    const { text } = await atrium.mails.expect(email);
    tokens.push(/invite\/accept\/([\w-]+)/.exec(text)![1]!);
  }
  await browser.visit('/settings/users/');
  const joins = tokens.map((token) =>
    atrium.api().post('/invitations/accept', { token, password: PASSWORD }),
  );
  const leaves = leaving.map((profile_id) =>
    browser.submit('/settings/users/', { action: 'deactivate', profile_id }),
  );
  const statuses = (await Promise.all([...joins, ...leaves])).map(({ status }) => status);
  const problems = statuses
    .filter((status) => status !== 200 && status !== 303)
    .map((status) => `somebody was answered with ${status}`);

  const seats = async () => {
    // What is to be done in a moment is done now.
    await atrium.sql(`UPDATE pgboss.job SET start_after = now() WHERE name = 'billing_seats'`);
    const account = await runInContext({}, () => org.sandbox.read(org.customerId));
    const paid = account!.subscriptions[0]!.quantity;
    const [row] = await atrium.sql<{ members: number }>(
      `SELECT count(*)::int AS members FROM user_profile p JOIN users u ON u.id = p.user_id
       WHERE p.tenant_id = $1 AND u.email = ANY ($2)`,
      [org.tenantId, [org.admin.email, ...joining]],
    );
    return { paid, members: row!.members, here: (await org.standing()).seats };
  };
  const wanted = joining.length + 1;
  const isSettled = async () => {
    const { paid, here } = await seats();
    return paid === wanted && here === wanted;
  };
  await eventually(isSettled, 30).catch(() => undefined);
  const { paid, members, here } = await seats();
  if (paid !== wanted || here !== wanted || members !== wanted) {
    problems.push(`${members} can act, ${paid} seats are paid for, ${String(here)} are known here`);
  }
  return {
    tried: [
      `${joining.length} people joined and ${leaving.length} left at the same moment`,
      `in the end ${members} can act and ${paid} seats are paid for`,
    ],
    problems,
  };
}
