import { runInContext } from '../../../src/core/context/request-context.js';
import { planForSale } from '../../../src/billing/catalogue/catalogue.js';
import type { CustomerState } from '../../../src/billing/provider/customer-state.js';
import type { ProviderNotification } from '../../../src/billing/provider/payment-provider.js';
import type { TestApp } from '../../support/app.js';
import { Organisation, travel } from '../organisation.js';
import { Books } from './books.js';

/** One event, and what the provider would have answered right after it. */
export interface Told {
  event: ProviderNotification;
  answer: CustomerState;
}

/** Seven things that happen to a subscription one after another, none of which was heard of yet. */
export async function sevenEvents(atrium: TestApp, name: string) {
  const org = await Organisation.make(atrium, name);
  const books = new Books(org);
  await runInContext({}, () => org.sandbox.configure({ drop: true }));
  const told: Told[] = [];
  const happens = async (act: () => Promise<unknown>) => {
    await runInContext({}, act);
    const answer = await books.answer();
    const all = await runInContext({}, () => org.sandbox.undelivered(new Date(0)));
    const last = all.findLast(({ customerId }) => customerId === org.customerId)!;
    const { id: eventId, type, objectId, customerId, createdAt } = last;
    const isLive = false;
    const event = { eventId, type, objectId, customerId, isLive, createdAt: new Date(createdAt) };
    told.push({ event, answer });
    return answer.subscriptions[0]!.id;
  };
  const price = planForSale('business').prices.find(({ interval }) => interval === 'month')!;
  const subscriptionId = await happens(() => org.subscribe('failing'));
  await happens(() => travel(atrium, 15));
  await happens(() => org.card('good'));
  const change = { subscriptionId, price, seats: 3, revision: 1 };
  await happens(() => books.provider.changePlan(change));
  await happens(() => books.provider.setSeats({ subscriptionId, seats: 5, revision: 2 }));
  await happens(() => books.provider.cancel(subscriptionId));
  await happens(() => books.provider.resume(subscriptionId));
  return { org, books, told };
}
