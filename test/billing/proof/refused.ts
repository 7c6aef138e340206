import type { TestApp } from '../../support/app.js';
import { Organisation } from '../organisation.js';
import { Books } from './books.js';
import type { Proof } from './print.js';
import { Sender } from './sender.js';

const HOUR = 3_600_000;

/** What is not authentic, not recent, or of another mode changes nothing; what is known already neither. */
export async function proveRefusals(atrium: TestApp): Promise<Proof> {
  const org = await Organisation.make(atrium, 'Refusals');
  await org.subscribe();
  const books = new Books(org);
  await books.sync();
  const sender = new Sender(atrium);
  const about = { customer_id: org.customerId };
  const { body } = sender.notification(about);
  const live = sender.notification({ ...about, live: true }).body;
  const at = (time: number) => sender.sign(body, { at: new Date(time) });
  const good = sender.sign(body);
  const bad: Array<[string, string, string | null]> = [
    ['no signature', body, null],
    ['an empty signature', body, ''],
    ['nonsense for a signature', body, 'nonsense'],
    ['the signature of another secret', body, sender.sign(body, { secret: 'x'.repeat(40) })],
    ['the signature of another body', body, sender.sign(`${body} `)],
    ['a body that was changed', body.replace('customer.updated', 'customer.deleted'), good],
    ['the time of a signature changed', body, good.replace(/^t=\d+/, `t=${Date.now()}`)],
    ['half of a signature', body, good.slice(0, -32)],
    ['a signature of an hour ago', body, at(Date.now() - HOUR)],
    ['a signature of in an hour', body, at(Date.now() + HOUR)],
    ['the other mode, well signed', live, sender.sign(live)],
    ['no notification, well signed', '[]', sender.sign('[]')],
    ['no JSON, well signed', '{', sender.sign('{')],
  ];
  const problems: string[] = [];
  const seen = async () => JSON.stringify([await books.known(), await everything(atrium)]);
  const before = await seen();
  for (const [what, sent, signed] of bad) {
    const status = await sender.send(sent, signed);
    if (status !== 400) problems.push(`${what}: answered ${status}`);
    if ((await seen()) !== before) problems.push(`${what}: something was changed`);
  }
  await sender.send(body, good);
  const once = await seen();
  for (let copy = 2; copy <= 5; copy++) {
    const status = await sender.send(body, good);
    if (status !== 200) problems.push(`sent for the ${copy}th time: answered ${status}`);
    if ((await seen()) !== once) problems.push(`sent for the ${copy}th time: changed something`);
  }
  return {
    tried: [
      `${bad.length} notifications that must be refused with 400: ${bad.map(([what]) => what).join(', ')}`,
      'one that is good, sent five times: taken once, answered with 200 each time',
      'ledger, jobs, subscriptions, invoices and access were compared after each',
    ],
    problems,
  };
}

/** Every entry of the ledger and every job that waits. */
async function everything(atrium: TestApp): Promise<unknown[]> {
  return [
    await atrium.sql('SELECT * FROM billing_event ORDER BY received_at, event_id'),
    await atrium.sql(`SELECT id FROM pgboss.job WHERE name = 'billing_event' ORDER BY id`),
  ];
}
