import { runInContext } from '../../../src/core/context/request-context.js';
import type { CustomerState } from '../../../src/billing/provider/customer-state.js';
import { BillingEventsWorker } from '../../../src/billing/notifications/billing-events.worker.js';
import type { TestApp } from '../../support/app.js';
import { Organisation } from '../organisation.js';
import { Books } from './books.js';
import type { Proof } from './print.js';
import { Sender } from './sender.js';

/** Nothing that is told about B, or that the provider mixes up in an answer about B, touches what is A's. */
export async function proveStrangers(atrium: TestApp): Promise<Proof> {
  const a = await Organisation.make(atrium, 'Ours');
  const b = await Organisation.make(atrium, 'Theirs');
  await runInContext({}, () => a.sandbox.configure({ drop: true }));
  const [ours, theirs] = [new Books(a), new Books(b)];
  await a.subscribe('good', { plan: 'business', interval: 'year' });
  await b.subscribe('good', { plan: 'business', interval: 'month' });
  await ours.sync();
  await theirs.sync();
  const [ofA, ofB] = [await ours.answer(), await theirs.answer()];
  const sender = new Sender(atrium);
  const worker = atrium.app.get(BillingEventsWorker);
  const told = async (object_id: string, type: string) => {
    const { id, body } = sender.notification({ object_id, type, customer_id: b.customerId });
    await sender.take(body);
    await runInContext({}, () => worker.handle({ provider: 'sandbox', eventId: id }));
  };
  const ended = ofA.subscriptions.map((one) => ({ ...one, status: 'canceled' as const }));
  const says = (mixed: Partial<CustomerState>) => theirs.sync({ ...ofB, ...now(), ...mixed });
  const acts: Array<[string, () => Promise<unknown>]> = [
    [
      'a notification of B that names the subscription of A',
      () => told(ofA.subscriptions[0]!.id, 'customer.subscription.deleted'),
    ],
    [
      'a notification of B that names the invoice of A',
      () => told(ofA.invoices[0]!.id, 'invoice.voided'),
    ],
    ['an answer about B with the subscription of A, ended', () => says({ subscriptions: ended })],
    ['an answer about B with the invoices of A', () => says({ invoices: ofA.invoices })],
    ['an answer about B that says it is of A', () => says({ tenantId: a.tenantId })],
    [
      'an answer about a new customer that says it is of A',
      () => says({ customerId: 'cus_new', tenantId: a.tenantId, subscriptions: ended }),
    ],
    ['the deletion of the customer B', () => says({ isDeleted: true, subscriptions: [] })],
    ['B cancels', () => runInContext({}, () => theirs.provider.cancel(ofB.subscriptions[0]!.id))],
    ['B is fetched anew', () => theirs.sync()],
  ];
  const problems: string[] = [];
  const seen = async () => JSON.stringify([await ours.known(), await ours.told()]);
  const before = await seen();
  for (const [what, act] of acts) {
    // It may well be refused: what counts is what becomes of A.
    await act().catch(() => undefined);
    if ((await seen()) !== before) problems.push(`${what}: A was changed`);
  }
  if ((await ours.answer()).subscriptions[0]!.cancelAt !== null) {
    problems.push('the subscription of A is cancelled at the provider');
  }
  return { tried: acts.map(([what]) => `tried: ${what}`), problems };
}

const now = () => ({ fetchedAt: new Date() });
