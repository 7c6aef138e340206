import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { runInContext } from '../../../src/core/context/request-context.js';
import { UnitOfWork } from '../../../src/core/database/unit-of-work.js';
import { JobQueue } from '../../../src/core/jobs/job-queue.js';
import { RecurringJobs } from '../../../src/core/jobs/recurring-jobs.js';
import { startApp, type TestApp } from '../../support/app.js';
import { eventually } from '../../support/waiting.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());
afterEach(() => jest.restoreAllMocks());

const warnings = () => {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  return () => warn.mock.calls.map(([message]) => String(message));
};

test('recurring jobs are added as soon as a worker starts', async () => {
  const due = await atrium.sql<{ name: string }>(
    `SELECT DISTINCT name FROM pgboss.job WHERE name IN ('purge', 'statistics') ORDER BY name`,
  );
  expect(due.map(({ name }) => name)).toEqual(['purge', 'statistics']);
});

test('a recurring job that cannot be added keeps none of the others from being added', async () => {
  const said = warnings();
  const enqueue = jest
    .spyOn(atrium.app.get(JobQueue), 'enqueue')
    .mockRejectedValueOnce(new Error('no room, on purpose'));
  await atrium.app.get(RecurringJobs).addDue();
  const [first, ...others] = enqueue.mock.calls.map(([queue]) => queue);
  expect(others.length).toBeGreaterThan(0);
  expect(said()).toEqual([`The recurring job ${first} could not be added: no room, on purpose`]);
});

test('the log of a failed job says whether it will be retried', async () => {
  const said = warnings();
  const job = { to: 'anna@acme.test', template: 'no-such-mail', model: {} };
  await runInContext({}, () =>
    atrium.app.get(UnitOfWork).run(async () => {
      for (let turn = 0; turn < 2; turn++) {
        const startAfter = new Date(Date.now() + 3_600_000);
        await atrium.app.get(JobQueue).enqueue('mail', job, { startAfter });
      }
    }),
  );
  const jobs = await atrium.sql<{ id: string }>(
    `SELECT id FROM pgboss.job WHERE name = 'mail' AND start_after > now()`,
  );
  expect(jobs).toHaveLength(2);
  const [last, again] = jobs.map(({ id }) => id);
  await atrium.sql('UPDATE pgboss.job SET retry_limit = 0 WHERE id = $1', [last]);
  await atrium.sql(`UPDATE pgboss.job SET start_after = now() WHERE name = 'mail'`);
  await eventually(() =>
    Promise.resolve(said().filter((line) => line.startsWith('Job ')).length > 1),
  );
  expect(said().find((line) => line.includes(last!))).toContain('failed and is given up');
  expect(said().find((line) => line.includes(again!))).toContain('failed and will be tried again');
});
