import type { PgBoss } from 'pg-boss';
import { JobQueue } from '../../src/core/jobs/job-queue.js';
import { startApp, type TestApp } from '../support/app.js';
import { fakeSmtp } from '../support/fake-smtp.js';
import { Passage } from '../support/passage.js';
import { eventually } from '../support/waiting.js';

let smtp: Awaited<ReturnType<typeof fakeSmtp>>;
let passage: Passage;
let atrium: TestApp;
beforeAll(async () => {
  smtp = await fakeSmtp();
  passage = await Passage.to(`smtp://127.0.0.1:${smtp.port}`);
  passage.cut();
  atrium = await startApp({ SMTP_URL: `${passage.url}?ignoreTLS=true` });
});
afterAll(async () => {
  await atrium.stop();
  passage.cut();
  await smtp.stop();
});

const waiting = (state: string) =>
  atrium
    .sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM pgboss.job
       WHERE name = 'mail' AND state::text = ANY (string_to_array($1, ' '))`,
      [state],
    )
    .then(([row]) => row!.n);
/** Makes jobs that wait for a retry due now. */
const tryAgain = () =>
  atrium.sql(`UPDATE pgboss.job SET start_after = now() WHERE state = 'retry'`);
const allHaveLeft = async () => {
  await tryAgain();
  return (await waiting('created retry active')) === 0;
};

test('mails are sent once, soon after the mail server is back', async () => {
  const people = Array.from({ length: 9 }, (_, turn) => `person${turn}@acme.test`);
  for (const email of people) await atrium.people.newcomer(email);
  await eventually(async () => (await waiting('retry')) > 0);
  expect(smtp.delivered).toEqual([]);

  await passage.mend();
  await eventually(allHaveLeft);
  expect(smtp.delivered.map(({ to }) => to).sort()).toEqual(people);
}, 30_000);

test('a mail whose process died is sent by another process', async () => {
  passage.cut();
  await atrium.people.newcomer('dora@acme.test');
  await eventually(async () => (await waiting('retry')) === 1);
  await atrium.sql(`UPDATE pgboss.job SET state = 'active', started_on = now() - interval '1 hour'
    WHERE name = 'mail' AND state = 'retry'`);
  await passage.mend();
  const { boss } = atrium.app.get<unknown, { boss: PgBoss }>(JobQueue);
  await boss.supervise();
  await eventually(allHaveLeft);
  expect(smtp.to('dora@acme.test')).toHaveLength(1);
}, 30_000);
