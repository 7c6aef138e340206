import { runInContext } from '../../../src/core/context/request-context.js';
import { BillingEventsWorker } from '../../../src/billing/notifications/billing-events.worker.js';
import { run } from '../../process/support.js';
import type { TestApp } from '../../support/app.js';
import { eventually } from '../../support/waiting.js';
import { Cutter } from './cutter.js';

/** How often a worker is killed while it deals with notifications. */
export const KILLS = 5;

/** Seconds a worker may take from one kill to the next: it waits for nothing else. */
const PATIENCE = 900;

/**
 * Workers deal with everything that waits, each a process of its own that is killed (SIGKILL) in the middle, until
 * the last one, which finishes. @returns problems
 */
export async function killWorkers(atrium: TestApp, total: number): Promise<string[]> {
  const done = async () => {
    const [row] = await atrium.sql<{ count: number }>(
      `SELECT count(*)::int AS count FROM billing_event WHERE state = 'done' AND type = 'flood'`,
    );
    return row!.count;
  };
  const work = async (until: number) => {
    const worker = run('main.js', {
      ...{ NODE_ENV: 'test', ROLE: 'worker', LOG_LEVEL: 'warn', BILLING_PROVIDER: 'sandbox' },
      ...{ APP_SECRET: atrium.config.secret, APP_URL: atrium.config.appUrl },
      ...{ ...atrium.database.settings, MIGRATE_ON_START: 'false' },
      ...{ PORT: '0', METRICS_PORT: '', DATA_DIR: atrium.config.DATA_DIR },
    });
    try {
      await eventually(async () => {
        if (worker.child.exitCode !== null) throw new Error(worker.output());
        return (await done()) >= until;
      }, PATIENCE);
    } finally {
      worker.child.kill('SIGKILL');
      await worker.ended;
    }
    // What it was at is given out again after two minutes: these are over.
    await atrium.sql(
      `UPDATE pgboss.job SET started_on = started_on - interval '1 hour'
       WHERE name = 'billing_event' AND state = 'active'`,
    );
  };
  for (let kill = 1; kill <= KILLS; kill++) await work(Math.floor((total * kill) / (KILLS + 1)));
  await work(total);
  const count = await done();
  return count === total ? [] : [`${count} of ${total} were dealt with`];
}

/**
 * The same where the database lives in the process, which cannot be killed: five times the work on one of them
 * ends after some statement, and its job is given out again. @returns problems
 */
export async function cutWorkers(
  atrium: TestApp,
  ids: readonly string[],
  random: () => number,
): Promise<string[]> {
  const cutter = new Cutter(atrium);
  const worker = atrium.app.get(BillingEventsWorker);
  const deal = (eventId: string) =>
    runInContext({}, () => worker.handle({ provider: 'sandbox', eventId }));
  const each = Math.floor(ids.length / (KILLS + 1));
  let cuts = 0;
  for (const [number, id] of ids.entries()) {
    const isCut = number > 0 && number % each === 0 && number / each <= KILLS;
    if (isCut && (await cutter.cutOff(1 + Math.floor(random() * 10), () => deal(id)))) cuts++;
    await deal(id);
  }
  const [row] = await atrium.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM billing_event WHERE state = 'done' AND event_id = ANY ($1)`,
    [ids],
  );
  return [
    ...(row!.count === ids.length ? [] : [`${row!.count} of ${ids.length} were dealt with`]),
    ...(cuts === KILLS ? [] : [`the worker was cut off ${cuts} times, not ${KILLS}`]),
  ];
}
