import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { runInContext } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { JobQueue } from '../../src/core/jobs/job-queue.js';
import { orderedUuid } from '../../src/core/utils/ordered-uuid.js';
import { startApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/waiting.js';

/** What was done, in order, by every process of the application. */
const done: string[] = [];
const underWay = new Set<string>();
let failing: string | null = null;

/** Takes the place of the worker of a queue whose jobs have keys. */
@Injectable()
class Worker implements OnModuleInit {
  constructor(private readonly jobs: JobQueue) {}

  onModuleInit(): void {
    this.jobs.handle('billing_event', async ({ provider: key, eventId }) => {
      if (underWay.has(key)) throw new Error(`Two of ${key} at once`);
      underWay.add(key);
      await sleep(5);
      underWay.delete(key);
      if (failing === eventId) {
        failing = null;
        throw new Error('once, on purpose');
      }
      done.push(eventId);
    });
  }
}

@Module({ providers: [Worker] })
class WorkerModule {}

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({}, [WorkerModule])));
afterAll(() => atrium.stop());
beforeEach(() => void done.splice(0));

const add = (jobs: Array<[key: string, name: string]>) =>
  runInContext({}, () =>
    atrium.app.get(UnitOfWork).run(async () => {
      for (const [key, eventId] of jobs) {
        const job = { provider: key, eventId };
        await atrium.app.get(JobQueue).enqueue('billing_event', job, { key });
      }
    }),
  );

const of = (key: string) => done.filter((name) => name.startsWith(key));

test('jobs of one key are done one at a time and in order, by several processes', async () => {
  const other = await atrium.replica();
  try {
    for (let part = 0; part < 4; part++) {
      await add(
        [0, 1, 2, 3, 4].flatMap((number) =>
          ['a', 'b', 'c'].map((key): [string, string] => [key, `${key}${part * 5 + number}`]),
        ),
      );
    }
    await eventually(() => Promise.resolve(done.length === 60), 60);
  } finally {
    await other.stop();
  }
  for (const key of ['a', 'b', 'c']) {
    expect(of(key)).toEqual(Array.from({ length: 20 }, (_, number) => `${key}${number}`));
  }
});

test('a job that fails holds back those of its key, and no others', async () => {
  failing = 'd0';
  await add([
    ['d', 'd0'],
    ['d', 'd1'],
    ['e', 'e0'],
  ]);
  await eventually(() => Promise.resolve(done.includes('e0')));
  expect(of('d')).toEqual([]);
  await atrium.sql(`UPDATE pgboss.job SET start_after = now() WHERE name = 'billing_event'`);
  await eventually(() => Promise.resolve(of('d').length === 2), 30);
  expect(of('d')).toEqual(['d0', 'd1']);
});

test('a job of such a queue needs a key, and any other has none', async () => {
  const jobs = atrium.app.get(JobQueue);
  const inWork = (work: () => Promise<void>) =>
    runInContext({}, () => atrium.app.get(UnitOfWork).run(work));
  const job = { provider: 'f', eventId: 'f0' };
  await expect(inWork(() => jobs.enqueue('billing_event', job))).rejects.toThrow(
    'have to have a key',
  );
  await expect(inWork(() => jobs.enqueue('purge', {}, { key: 'f' }))).rejects.toThrow('no key');
});

test('ids that are made one after another are ordered, also within a millisecond', () => {
  const now = Date.now();
  const ids = Array.from({ length: 5_000 }, () => orderedUuid(now));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(
    ids.every((id) =>
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id),
    ),
  ).toBe(true);
});
