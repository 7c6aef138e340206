import { runInContext } from '../../../src/core/context/request-context.js';
import { DomainError } from '../../../src/core/errors/domain-error.js';
import type { TestApp } from '../../support/app.js';
import { eventually } from '../../support/waiting.js';
import { Organisation } from '../organisation.js';
import { IS_WHOLE, type Proof } from './print.js';

const ROUNDS = IS_WHOLE ? 10 : 2;

/** Two admins are at the provider's page at once, and both pay: one subscription, and the other is given back. */
export async function proveTwoCheckouts(atrium: TestApp): Promise<Proof> {
  const problems: string[] = [];
  let refused = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const org = await Organisation.make(atrium, `Checkouts${round}`);
    const other = await atrium.people.adminOf(`Checkouts${round}`, `other@checkouts${round}.test`);
    const problem = (what: string) => problems.push(`round ${round}: ${what}`);
    const starts = await Promise.allSettled([
      org.checkout({ plan: 'business', interval: 'month' }),
      org.checkout({ plan: 'business', interval: 'year' }, other),
    ]);
    for (const start of starts) {
      if (start.status === 'fulfilled') continue;
      if (start.reason instanceof DomainError) refused += 1;
      else problem(`a checkout failed: ${String(start.reason)}`);
    }
    const open = await atrium.sql(
      `SELECT 1 FROM checkout WHERE tenant_id = $1 AND state = 'open'`,
      [org.tenantId],
    );
    if (open.length > 1) problem(`${open.length} checkouts are open`);
    if (starts.some(({ status }) => status === 'rejected')) continue;
    await payBoth(org, false);
    await eventually(async () => (await findings(org)).length === 0, 10).catch(() => undefined);
    (await findings(org)).forEach(problem);
  }
  return {
    tried: [
      `${ROUNDS} times two admins began a checkout at the same moment (${refused} were told to try again), and both paid at the same moment`,
      'one subscription lives, at the provider and here; what was paid for the other was given back',
    ],
    problems,
  };
}

/** Both pages were filled in before the provider heard that one of them is abandoned. */
export async function payBoth(org: Organisation, begins = true): Promise<void> {
  const { atrium, customerId } = org;
  if (begins) {
    await org.checkout({ plan: 'business', interval: 'month' });
    await org.checkout({ plan: 'business', interval: 'year' });
  }
  const pages = await atrium.sql<{ id: string }>(
    `UPDATE sandbox_object SET data = jsonb_set(data, '{state}', '"open"')
     WHERE kind = 'checkout' AND customer_id = $1 RETURNING id`,
    [customerId],
  );
  await Promise.all(pages.map(({ id }) => org.pay(id)));
}

/** What is not as it must be in the end. */
async function findings(org: Organisation): Promise<string[]> {
  const account = await runInContext({}, () => org.sandbox.read(org.customerId));
  const { subscriptions, invoices } = account!;
  const living = subscriptions.filter(({ endedAt }) => endedAt === null).map(({ id }) => id);
  const paidFor = invoices
    .filter(({ status }) => status === 'paid')
    .map(({ subscriptionId }) => subscriptionId);
  const ours = await org.atrium.sql<{ id: string }>(
    'SELECT external_id AS id FROM subscription WHERE tenant_id = $1 AND is_live',
    [org.tenantId],
  );
  return [
    ...(subscriptions.length === 2 ? [] : [`${subscriptions.length} subscriptions were bought`]),
    ...(living.length === 1 ? [] : [`${living.length} subscriptions live at the provider`]),
    ...(String(paidFor) === String(living) ? [] : [`paid for ${String(paidFor)}`]),
    ...(String(ours.map(({ id }) => id)) === String(living) ? [] : ['another one lives here']),
  ];
}
