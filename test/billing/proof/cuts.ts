import { runInContext } from '../../../src/core/context/request-context.js';
import { BillingEventsWorker } from '../../../src/billing/notifications/billing-events.worker.js';
import type { TestApp } from '../../support/app.js';
import { Organisation } from '../organisation.js';
import { Books } from './books.js';
import { Cutter } from './cutter.js';
import type { Proof } from './print.js';
import { payBoth } from './two-checkouts.js';
import { Sender } from './sender.js';

/**
 * A process that ends after any statement loses and doubles nothing: neither while it takes a notification,
 * nor while it deals with it. Two subscriptions were bought, so that one has to be given back on the way.
 */
export async function proveCuts(atrium: TestApp): Promise<Proof> {
  const org = await Organisation.make(atrium, 'Cuts');
  const books = new Books(org);
  await runInContext({}, () => org.sandbox.configure({ drop: true }));
  await payBoth(org);
  const accounts = await savedAccounts(org);
  const problems: string[] = [];
  const cutter = new Cutter(atrium);
  const sender = new Sender(atrium);
  const worker = atrium.app.get(BillingEventsWorker);
  const deal = (eventId: string) =>
    runInContext({}, () => worker.handle({ provider: 'sandbox', eventId }));
  const fresh = async () => {
    await books.forget();
    await atrium.sql('DELETE FROM billing_customer WHERE tenant_id = $1', [org.tenantId]);
    await accounts.restore();
    return sender.notification({ customer_id: org.customerId });
  };
  const problem = (where: string, what: string) => problems.push(`${where}: ${what}`);

  const first = await fresh();
  await sender.take(first.body);
  await deal(first.id);
  const wanted = { known: await books.known(), given: await givenBack(org) };

  let intakes = 0;
  for (let after = 1, isCut = true; isCut; after += 1) {
    const { id, body } = await fresh();
    const where = `taking it, cut after statement ${after}`;
    isCut = await cutter.cutOff(after, () => sender.take(body));
    const [events, jobs] = await written(atrium, id);
    if (events !== jobs) problem(where, `${events} in the ledger and ${jobs} jobs`);
    if (isCut) await sender.take(body);
    const [eventsAfter, jobsAfter] = await written(atrium, id);
    if (eventsAfter !== 1 || jobsAfter !== 1) {
      problem(where, `sent again: ${eventsAfter} in the ledger and ${jobsAfter} jobs`);
    }
    intakes += 1;
  }

  let deals = 0;
  for (let after = 1, isCut = true; isCut; after += 1) {
    const { id, body } = await fresh();
    await sender.take(body);
    const before = await books.told();
    const where = `dealing with it, cut after statement ${after}`;
    isCut = await cutter.cutOff(after, () => deal(id));
    if ((await isDone(atrium, id)) !== (await books.holds(wanted.known))) {
      problem(where, 'the ledger does not tell whether it was done');
    }
    // The queue gives out the same job again, also when it was done and only that was not written.
    await deal(id);
    await deal(id);
    if (!(await isDone(atrium, id))) problem(where, 'it was not done afterwards');
    if (!(await books.holds(wanted.known))) problem(where, 'it ended in another state');
    if ((await givenBack(org)) !== wanted.given) problem(where, 'money was given back otherwise');
    const told = (await books.told()) - before;
    if (told !== 1) problem(where, `audited ${told} times`);
    deals += 1;
  }
  return {
    tried: [
      `${intakes - 1} cuts while a notification is taken, then it is sent again`,
      `${deals - 1} cuts while it is dealt with (fetch, refund, claim, lock, ledger, rows, access, audit), then its job is given out twice more`,
      'a cut after every statement, up to the one before the commit',
      'each ends with one entry in the ledger, one job, one live subscription, one refund and one audit entry',
    ],
    problems,
  };
}

/** How many entries of the ledger, and how many jobs, there are for a notification. */
async function written(atrium: TestApp, eventId: string): Promise<[number, number]> {
  const events = await atrium.sql('SELECT 1 FROM billing_event WHERE event_id = $1', [eventId]);
  const jobs = await atrium.sql(
    `SELECT 1 FROM pgboss.job WHERE name = 'billing_event' AND data->'data'->>'eventId' = $1`,
    [eventId],
  );
  return [events.length, jobs.length];
}

async function isDone(atrium: TestApp, eventId: string): Promise<boolean> {
  const rows = await atrium.sql(
    `SELECT 1 FROM billing_event WHERE event_id = $1 AND state = 'done'`,
    [eventId],
  );
  return rows.length === 1;
}

/** The provider as it is now, to begin from there again. */
async function savedAccounts({ atrium, customerId }: Organisation) {
  const [saved] = await atrium.sql<{ data: object }>(
    `SELECT data FROM sandbox_object WHERE kind = 'account' AND id = $1`,
    [customerId],
  );
  const data = JSON.stringify(saved!.data);
  return {
    restore: () =>
      atrium.sql('UPDATE sandbox_object SET data = $2 WHERE id = $1', [customerId, data]),
  };
}

/** Invoices by status and subscription, at the provider. */
async function givenBack(org: Organisation): Promise<string> {
  const account = await runInContext({}, () => org.sandbox.read(org.customerId));
  return account!.invoices.map(({ id, status }) => `${id} ${status}`).join(', ');
}
