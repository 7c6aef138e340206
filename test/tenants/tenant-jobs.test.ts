import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { currentContext } from '../../src/core/context/request-context.js';
import { defineFeature } from '../../src/core/features/feature.js';
import { installFeatures, installedFeatures } from '../../src/core/features/registry.js';
import { prepareJobTables } from '../../src/core/jobs/job-tables.js';
import { PATIENT } from '../../src/core/jobs/queues.js';
import '../../src/features.js';
import { TenantJobs, type TenantPeriod } from '../../src/tenants/jobs/tenant-jobs.service.js';
import { TenantsModule } from '../../src/tenants/tenants.module.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { eventually } from '../support/waiting.js';

declare module '../../src/core/jobs/queues.js' {
  interface JobData {
    sample_daily: TenantPeriod;
    sample_monthly: TenantPeriod;
  }
}

/** What was done: the organisation, the queue and the period. */
const done: Array<{ tenantId: string | null; queue: string; day: string }> = [];
let failures = 0;

@Injectable()
class SampleJobs implements OnModuleInit {
  constructor(private readonly tenantJobs: TenantJobs) {}

  onModuleInit(): void {
    this.handle('sample_daily', 'day');
    this.handle('sample_monthly', 'month');
  }

  private handle(queue: 'sample_daily' | 'sample_monthly', every: 'day' | 'month'): void {
    this.tenantJobs.handle(queue, { every, hour: 7 }, ({ day }) => {
      if (failures-- > 0) return Promise.reject(new Error('not this time, on purpose'));
      done.push({ tenantId: currentContext().tenantId, queue, day });
      return Promise.resolve();
    });
  }
}

@Module({ imports: [TenantsModule], providers: [SampleJobs] })
class SampleModule {}

const sample = defineFeature({
  name: 'sample',
  module: SampleModule,
  queues: { sample_daily: PATIENT, sample_monthly: PATIENT },
});

let atrium: TestApp;
let anna: Person;
let bob: Person;
const product = installedFeatures();

beforeAll(async () => {
  installFeatures([...product, sample]);
  atrium = await startApp({}, [SampleModule], async ({ owner, server }) => {
    const run = async (text: string, values?: unknown[]) => (await owner.query(text, values)).rows;
    await prepareJobTables({ run, inTransaction: (work) => work(run) });
    return server;
  });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  bob = await atrium.people.adminOf('Globex', 'bob@globex.test');
});
afterAll(async () => {
  await atrium.stop();
  installFeatures(product);
});
beforeEach(async () => {
  done.length = 0;
  failures = 0;
  await atrium.sql('DELETE FROM tenant_job');
  await atrium.sql('ALTER TABLE tenant DISABLE TRIGGER stamp_audit');
  await atrium.sql(`UPDATE tenant SET created_at = now() - interval '100 days'`);
  await atrium.sql('ALTER TABLE tenant ENABLE TRIGGER stamp_audit');
});

const addDue = () => atrium.app.get(TenantJobs).addDue();
const waiting = () =>
  atrium.sql(
    `SELECT FROM pgboss.job WHERE name LIKE 'sample%' AND state IN ('created', 'retry', 'active')`,
  );

/** Waits until nothing is left to do. */
async function settled(): Promise<void> {
  await eventually(async () => (await waiting()).length === 0);
}

const daysOf = ({ tenantId }: Person, queue = 'sample_daily') =>
  done.filter((each) => each.tenantId === tenantId && each.queue === queue).map(({ day }) => day);

/** The day on which it was seven o'clock last, there. */
const dayIn = async (zone: string) =>
  (
    await atrium.sql<{ day: string }>(
      `SELECT ((now() AT TIME ZONE $1) - interval '7 hours')::date::text AS day`,
      [zone],
    )
  )[0]!.day;

const liveIn = ({ tenantId }: Person, zone: string | null) =>
  atrium.sql(
    'UPDATE tenant SET timezone_id = (SELECT id FROM timezone WHERE name = $2) WHERE id = $1',
    [tenantId, zone],
  );

test('each organisation has its job once per day and month, by its own clock, in its own context', async () => {
  await liveIn(anna, 'Pacific/Kiritimati');
  await liveIn(bob, 'Pacific/Pago_Pago');
  await addDue();
  await settled();
  // Their clocks are 25 hours apart.
  const [east, west] = [await dayIn('Pacific/Kiritimati'), await dayIn('Pacific/Pago_Pago')];
  expect(east > west).toBe(true);
  expect([daysOf(anna), daysOf(bob)]).toEqual([[east], [west]]);
  expect(daysOf(anna, 'sample_monthly')).toEqual([`${east.slice(0, 7)}-01`]);

  await addDue();
  await settled();
  expect(done).toHaveLength(4);

  await atrium.sql(`UPDATE tenant_job SET period = period - 1 WHERE queue = 'sample_daily'`);
  await addDue();
  await settled();
  expect([daysOf(anna), daysOf(bob)]).toEqual([
    [east, east],
    [west, west],
  ]);
});

test('an organisation without a time zone goes by UTC, and one that is younger than the day waits for the next', async () => {
  await liveIn(anna, null);
  await liveIn(bob, null);
  await atrium.sql('ALTER TABLE tenant DISABLE TRIGGER stamp_audit');
  await atrium.sql('UPDATE tenant SET created_at = now() WHERE id = $1', [bob.tenantId]);
  await addDue();
  await settled();
  expect([daysOf(anna), daysOf(bob)]).toEqual([[await dayIn('UTC')], []]);
});

test('workers that look at the same time add each job once', async () => {
  await Promise.all([1, 2, 3, 4].map(() => addDue()));
  await settled();
  expect(daysOf(anna)).toHaveLength(1);
  expect(daysOf(bob)).toHaveLength(1);
});

test('a job that fails is tried again for its organisation alone, and a closed organisation has none', async () => {
  await bob.browser.fill('/settings/closure/', { organization: 'Globex' });
  failures = 1;
  await addDue();
  await eventually(async () => {
    await atrium.sql(`UPDATE pgboss.job SET start_after = now() WHERE name LIKE 'sample%'`);
    return (await waiting()).length === 0;
  });
  expect(daysOf(anna)).toHaveLength(1);
  expect(daysOf(anna, 'sample_monthly')).toHaveLength(1);
  expect(done.filter(({ tenantId }) => tenantId !== anna.tenantId)).toEqual([]);
});
