import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { readConfig } from '../../src/core/config/read-config.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { DatabaseServer } from '../../src/core/database/database-server.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { JobQueue } from '../../src/core/jobs/job-queue.js';
import { createApp } from '../../src/create-app.js';
import { prepareDatabase } from '../../src/prepare-database.js';
import { freePort, temporaryFolder } from '../process/support.js';
import { ENGINE } from '../support/database.js';
import { postgresPrograms, privateServer, type PrivateServer } from '../support/private-server.js';
import { eventually } from '../support/waiting.js';

const programs = ENGINE === 'server' ? postgresPrograms() : null;
const withPrograms = programs ? describe : describe.skip;
const folder = temporaryFolder();

const [KEYS, KILLS] = [3, 3];

/** What was begun, in order. */
const begun: Array<{ key: string; number: number }> = [];

/** Takes the place of the worker of a queue whose jobs have keys. */
@Injectable()
class Worker implements OnModuleInit {
  constructor(private readonly jobs: JobQueue) {}

  onModuleInit(): void {
    this.jobs.handle('billing_event', async ({ provider: key, eventId }) => {
      begun.push({ key, number: Number(eventId) });
      await sleep(10);
    });
  }
}

@Module({ providers: [Worker] })
class WorkerModule {}

withPrograms('when PostgreSQL is killed under a load of jobs with keys', () => {
  let database: PrivateServer;
  let app: NestExpressApplication;
  let owner: pg.Pool;

  beforeAll(async () => {
    database = await privateServer(programs!, await freePort());
    owner = new pg.Pool({ connectionString: database.url(), max: 2 });
    owner.on('error', () => undefined);
    const config = readConfig({
      ...{ NODE_ENV: 'test', LOG_LEVEL: 'silent', DATA_DIR: folder, ROLE: 'all' },
      ...{ APP_SECRET: 'a secret for tests, long enough to be one', APP_URL: 'http://atrium.test' },
      ...{ DATABASE_URL: database.url(), STATEMENT_TIMEOUT_SECONDS: '2' },
    });
    const server = DatabaseServer.remote(database.url());
    await prepareDatabase(config, server);
    app = await createApp(config, server, [WorkerModule]);
    await app.listen(0, '127.0.0.1');
  }, 90_000);
  afterAll(async () => {
    await app?.close();
    await owner?.end();
    await database?.stop();
  });

  /** Whether the job was certainly added. */
  const add = (key: string, number: number) =>
    runInContext({}, () =>
      app.get(UnitOfWork).run(async () => {
        const job = { provider: key, eventId: String(number) };
        await app.get(JobQueue).enqueue('billing_event', job, { key });
      }),
    ).then(
      () => true,
      () => false,
    );

  test('workers go on without a restart, no job is lost, and none is out of order', async () => {
    const added = new Map<string, Set<number>>();
    const over = new AbortController();
    const adds = async (key: string) => {
      const numbers = new Set<number>();
      added.set(key, numbers);
      for (let number = 0; !over.signal.aborted; number++) {
        if (await add(key, number)) numbers.add(number);
        await sleep(40);
      }
    };
    const load = Array.from({ length: KEYS }, (_, key) => adds(`key${key}`));
    for (let kill = 0; kill < KILLS; kill++) {
      const before = begun.length;
      await eventually(() => Promise.resolve(begun.length > before + 10), 30);
      await database.crash();
      // One that was under way is taken up when its time is over: here at once.
      await owner.query(
        `UPDATE pgboss.job SET started_on = now() - interval '1 day'
         WHERE name = 'billing_event' AND state = 'active'`,
      );
    }
    over.abort();
    await Promise.all(load);
    const waiting = async () => {
      await owner.query(
        `UPDATE pgboss.job SET start_after = now() WHERE name = 'billing_event' AND state = 'retry'`,
      );
      const { rows } = await owner.query(
        `SELECT 1 FROM pgboss.job WHERE name = 'billing_event'
         AND state IN ('created', 'retry', 'active')`,
      );
      return rows.length;
    };
    await eventually(async () => (await waiting()) === 0, 60);

    for (const [key, numbers] of added) {
      const done = begun.filter((one) => one.key === key).map(({ number }) => number);
      expect([...numbers].filter((number) => !done.includes(number))).toEqual([]);
      // One whose end could not be noted is done again, and before any that came later.
      expect(done).toEqual(done.toSorted((one, other) => one - other));
    }
  }, 240_000);
});
