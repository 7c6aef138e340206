import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecurringJobs } from '../../src/core/jobs/recurring-jobs.js';
import { Sweeper } from '../../src/core/jobs/sweeper.js';
import { newKey } from '../../src/core/storage/storage-key.js';
import { RetentionService } from '../../src/users/sessions/retention.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';
import { quarters } from '../support/pictures.js';

const folder = mkdtempSync(join(tmpdir(), 'atrium-purge-'));
let atrium: TestApp;
let purge: RetentionService;
beforeAll(async () => {
  atrium = await startApp({ DATA_DIR: folder });
  purge = atrium.app.get(RetentionService);
});
afterAll(async () => {
  await atrium.stop();
  rmSync(folder, { recursive: true, force: true });
});

let made = 0;
const address = () => `member${++made}@acme.example`;
/** Somebody with the session of one browser: the one of their registration is gone. */
const member = async (): Promise<Person> => {
  const person = await atrium.people.memberOf('Acme', address());
  await atrium.sql(
    `DELETE FROM session s WHERE user_id = $1 AND EXISTS (
       SELECT FROM session later WHERE later.user_id = $1 AND later.created_at > s.created_at)`,
    [person.userId],
  );
  return person;
};
const isIn = async ({ browser }: Person) => (await browser.visit('/dashboard/')).status === 200;

/** What has happened to the sessions of a person, by SQL: `day(n)` is n days ago. */
const change = ({ userId }: Person, set: string) =>
  atrium.sql(
    `UPDATE session SET ${set.replace(/day\((\d+)\)/g, "now() - interval '$1 days'")} WHERE user_id = $1`,
    [userId],
  );
const sessionsOf = async ({ userId }: Person) =>
  (await atrium.sql('SELECT 1 FROM session WHERE user_id = $1', [userId])).length;

test.each([
  ['was not used', 'last_seen_at = day(45)'],
  ['has run out', 'created_at = day(130), last_seen_at = day(40), expires_at = day(31)'],
  ['was ended', 'last_seen_at = day(32), ended_at = day(31)'],
])('a session that %s goes when it has been over for a month', async (_, set) => {
  const [anna, bert] = [await member(), await member()];
  await change(bert, set);
  expect(await isIn(bert)).toBe(false);
  expect((await purge.countRows()).sessions).toBe(1);
  expect((await purge.removeRows()).sessions).toBe(1);
  expect([await sessionsOf(bert), await sessionsOf(anna)]).toEqual([0, 1]);
  expect(await isIn(anna)).toBe(true);
  expect((await purge.removeRows()).sessions).toBe(0);
});

test.each([
  ['is signed in', 'created_at = day(80), last_seen_at = day(13)', true],
  ['was signed in a month ago', 'last_seen_at = day(29)', false],
  ['was put out last week', 'last_seen_at = day(8), ended_at = day(7)', false],
])('the session of somebody who %s stays', async (_, set, isLive) => {
  const anna = await member();
  await change(anna, set);
  expect((await purge.removeRows()).sessions).toBe(0);
  expect(await sessionsOf(anna)).toBe(1);
  expect(await isIn(anna)).toBe(isLive);
});

test('a long-lived session by configuration is kept while unused', async () => {
  const anna = await member();
  await change(anna, 'last_seen_at = day(45)');
  atrium.config.SESSION_IDLE_HOURS = 90 * 24;
  try {
    expect((await purge.removeRows()).sessions).toBe(0);
    expect(await isIn(anna)).toBe(true);
  } finally {
    atrium.config.SESSION_IDLE_HOURS = 14 * 24;
  }
});

test('sessions of the last thirty days are kept for the statistics', async () => {
  const root = await atrium.people.staff('root@atrium.test', true);
  const chart = async () => {
    const { document } = await root.browser.visit('/admin/');
    const section = document
      .querySelectorAll('section')
      .find((each) => each.querySelector('h2')?.textContent === 'Active members');
    return section!.querySelectorAll('tbody tr').map((row) => row.textContent.replace(/\s+/g, ' '));
  };
  const anna = await member();
  await change(anna, 'created_at = day(60), last_seen_at = day(28), ended_at = day(20)');
  const before = await chart();
  expect(before[0]).toMatch(/[1-9]\d* ?$/);
  await purge.removeRows();
  expect(await chart()).toEqual(before);
});

test('a spent refresh token of a live session is still recognised; those of a session that is over go with it', async () => {
  const client = await atrium.api().login((await member()).email, PASSWORD);
  const spent = client.tokens!.refresh_token;
  const refresh = (refresh_token: string) => client.post('/auth/refresh', { refresh_token });
  client.tokens = (await refresh(spent)).body;
  await atrium.sql(`UPDATE spent_token SET spent_at = now() - interval '80 days'`);

  const over = await member();
  await change(over, 'last_seen_at = day(45)');
  await atrium.sql(
    `INSERT INTO spent_token (token_hash, session_id)
     SELECT sha256(n::text::bytea), s.id FROM session s, generate_series(1, 2500) n WHERE user_id = $1`,
    [over.userId],
  );
  expect(await purge.countRows()).toMatchObject({ sessions: 1, spentTokens: 2500 });
  expect(await purge.removeRows()).toMatchObject({ sessions: 1, spentTokens: 2500 });

  expect((await client.get('/me')).status).toBe(200);
  expect((await refresh(spent)).status).toBe(401);
  expect((await client.get('/me')).status).toBe(401);
});

test('expired links are deleted; valid ones still work', async () => {
  const [anna, bert] = [await member(), await member()];
  for (const { email } of [anna, bert]) {
    await atrium.browser().fill('/password-reset/', { email });
    await atrium.mails.expect(email, /password/i);
  }
  await atrium.sql(
    `UPDATE user_token SET expires_at = now() - interval '1 second' WHERE user_id <> $1`,
    [anna.userId],
  );
  const [{ over } = { over: 0 }] = await atrium.sql<{ over: number }>(
    'SELECT count(*)::int AS over FROM user_token WHERE expires_at < now()',
  );
  expect(over).toBeGreaterThan(0);
  expect((await purge.countRows()).links).toBe(over);
  expect((await purge.removeRows()).links).toBe(over);
  const browser = atrium.browser();
  const form = await browser.arrive(linkIn(await atrium.mails.expect(anna.email, /password/i)));
  expect([form.status, form.value('_csrf')]).toEqual([200, expect.any(String)]);
});

test('concurrent runs delete each row once', async () => {
  const anna = await member();
  await atrium.sql(
    `INSERT INTO session (user_id, kind, token_hash, expires_at, last_seen_at)
     SELECT $1, 'browser', sha256(('gone' || n)::bytea), now(), now() - interval '60 days'
     FROM generate_series(1, 3500) n`,
    [anna.userId],
  );
  const other = await atrium.replica();
  const done = await Promise.all([
    purge.removeRows(),
    other.app.get(RetentionService).removeRows(),
    purge.removeRows(),
  ]);
  await other.stop();
  expect(done.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(3500);
  expect(await sessionsOf(anna)).toBe(1);
  expect(await isIn(anna)).toBe(true);
});

test('it runs once a day, however many workers there are', async () => {
  const anna = await member();
  await change(anna, 'last_seen_at = day(45)');
  // That of the start.
  await atrium.sql(`DELETE FROM pgboss.job WHERE name = 'purge'`);
  const other = await atrium.replica();
  for (const { app } of [atrium, other, atrium]) await app.get(RecurringJobs).addDue();
  for (let tries = 0; tries < 100 && (await sessionsOf(anna)) > 0; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await sessionsOf(anna)).toBe(0);
  await atrium.app.get(RecurringJobs).addDue();
  await other.stop();
  expect(await atrium.sql(`SELECT 1 FROM pgboss.job WHERE name = 'purge'`)).toHaveLength(1);
});

describe('a file', () => {
  const uploads = join(folder, 'uploads');
  const days = (count: number) => new Date(Date.now() - count * 86_400_000);
  const leave = async (key: string, age: number) => {
    await writeFile(join(uploads, key), 'left behind');
    await utimes(join(uploads, key), days(age), days(age));
  };
  const files = async (kind: string) => readdir(join(uploads, kind));
  const sweep = (how = {}) => purge.sweepFiles({ dryRun: false, isForced: false, ...how });

  test('that no row refers to is deleted after a day; used ones stay', async () => {
    const anna = await atrium.people.adminOf('Globex', address());
    const file = async (field: string) => ({
      field,
      name: 'me.png',
      bytes: await quarters(300, 200).png().toBuffer(),
      type: 'image/png',
    });
    await anna.browser.visit('/profile/');
    await anna.browser.upload('/profile/', await file('avatar'), { display_name: 'Anna' });
    await anna.browser.visit('/settings/general/');
    await anna.browser.upload('/settings/general/', await file('logo'));
    await anna.browser.visit('/settings/data/');
    await anna.browser.submit('/settings/data/');
    await atrium.mails.expect(anna.email, /\/settings\/data\//);
    const used = await Promise.all(['avatar', 'logo', 'export'].map(files));
    expect(used.map((each) => each.length)).toEqual([1, 1, 1]);
    for (const [index, kind] of ['avatar', 'logo', 'export'].entries()) {
      const path = join(uploads, kind, used[index]![0]!);
      await utimes(path, days(3), days(3));
    }
    const young = newKey('avatar');
    await leave(newKey('avatar'), 2);
    await leave(`${newKey('logo')}.0123456789ab.tmp`, 2);
    await leave(newKey('export'), 400);
    await leave(young, 0.9);

    expect(await sweep({ dryRun: true })).toEqual({ orphans: 3, isRefused: false });
    expect(await files('avatar')).toHaveLength(3);
    expect(await sweep()).toEqual({ orphans: 3, isRefused: false });
    expect(await files('avatar')).toEqual([used[0]![0]!, young.slice('avatar/'.length)].sort());
    expect([await files('logo'), await files('export')]).toEqual([used[1], used[2]]);
    const src = (await anna.browser.visit('/profile/')).document.querySelector('main img');
    expect((await anna.browser.agent.get(src!.getAttribute('src')!)).status).toBe(200);
  });

  test('is kept when most would be deleted: such a storage belongs to another database', async () => {
    const before = (await files('avatar')).length;
    for (let n = 0; n < 20; n++) await leave(newKey('avatar'), 2);
    expect(await sweep()).toEqual({ orphans: 20, isRefused: true });
    expect(await files('avatar')).toHaveLength(before + 20);
    expect(await sweep({ isForced: true })).toEqual({ orphans: 20, isRefused: false });
    expect(await files('avatar')).toHaveLength(before);
  });
});

test('an import is told of for 90 days, and its rows stay', async () => {
  await atrium.people.adminOf('Acme', 'anna@acme.example');
  await atrium.sql(
    `INSERT INTO row_import (id, tenant_id, feature, file_name, created_at)
       SELECT gen_random_uuid(), t.id, 'projects', days || '.csv', now() - make_interval(days => days)
       FROM (SELECT id FROM tenant LIMIT 1) t, unnest(ARRAY[1, 89, 91, 400]) days`,
  );
  await atrium.app.get(Sweeper).sweepAll();
  const kept = await atrium.sql('SELECT file_name FROM row_import ORDER BY created_at DESC');
  expect(kept.map(({ file_name }) => file_name)).toEqual(['1.csv', '89.csv']);
});
