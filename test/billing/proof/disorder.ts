import { runInContext } from '../../../src/core/context/request-context.js';
import { BillingEventsWorker } from '../../../src/billing/notifications/billing-events.worker.js';
import { NotificationsService } from '../../../src/billing/notifications/notifications.service.js';
import type { TestApp } from '../../support/app.js';
import { generator, permutations, shuffled, withCopies } from './orders.js';
import { SECONDS, SEED, type Proof } from './print.js';
import { sevenEvents, type Told } from './story.js';

/** What a mutation that believes what it is told has to believe. */
export type Payloads = Map<string, Told>;

interface Options {
  /** Seconds for the orders of notifications, and as many for those of answers. */
  seconds?: number;
  /** Filled with what each notification would have had to tell. */
  payloads?: Payloads;
}

/** Whatever the order in which seven events are told, and however often each, they end in the same state. */
export async function proveDisorder(
  atrium: TestApp,
  { seconds = SECONDS, payloads = new Map() }: Options = {},
): Promise<Proof> {
  const { org, books, told } = await sevenEvents(atrium, 'Disorder');
  told.forEach((one) => payloads.set(one.event.eventId, one));
  await books.forget();
  await books.sync();
  const wanted = await books.known();
  const problems: string[] = [];
  const numbered = (order: Told[]) => order.map((one) => told.indexOf(one) + 1).join(' ');
  const judge = async (what: string, order: Told[]) => {
    if (await books.holds(wanted)) return;
    const { access_state, plan_key, seats } = await org.standing();
    problems.push(`${what} ${numbered(order)}: ended ${access_state}, ${plan_key}, ${seats}`);
  };

  const notifications = atrium.app.get(NotificationsService);
  const worker = atrium.app.get(BillingEventsWorker);
  let sent = 0;
  const orders = await within(seconds, told, async (order, random) => {
    await books.forget();
    const before = await books.told();
    const taken = new Map<string, number>();
    const copies = withCopies(order, random);
    sent += copies.length;
    for (const { event } of copies) {
      const { eventId } = event;
      await runInContext({}, async () => {
        if (!(await notifications.note(books.provider, event))) return;
        taken.set(eventId, (taken.get(eventId) ?? 0) + 1);
        await worker.handle({ provider: 'sandbox', eventId });
      });
    }
    await judge('notifications', copies);
    const twice = [...taken.values()].filter((count) => count > 1).length;
    if (twice > 0) problems.push(`notifications ${numbered(copies)}: ${twice} were taken twice`);
    const changes = (await books.told()) - before;
    if (changes !== 1) problems.push(`notifications ${numbered(copies)}: audited ${changes} times`);
  });
  const answers = await within(seconds, told, async (order) => {
    await books.forget();
    for (const { answer } of order) await books.sync(answer);
    await judge('answers', order);
  });
  return {
    tried: [
      `${orders} of 5,040 orders of seven notifications, ${sent} with copies of each at random; seed ${SEED}`,
      `${answers} of 5,040 orders in which seven answers of the provider are written down; seed ${SEED}`,
      'each order begins with nothing, ends in one state, and is audited as one change',
    ],
    problems,
  };
}

/** Tries orders in the order of the seed while there is time; returns how many. */
async function within(
  seconds: number,
  told: Told[],
  attempt: (order: Told[], random: () => number) => Promise<void>,
): Promise<number> {
  const random = generator(SEED);
  const until = performance.now() + seconds * 1000;
  let count = 0;
  for (const order of shuffled(permutations(told), random)) {
    if (performance.now() > until) break;
    await attempt(order, random);
    count += 1;
  }
  return count;
}
