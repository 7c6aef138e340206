import type { PgBoss } from 'pg-boss';
import { DataSource } from 'typeorm';
import { DatabaseServer } from '../../src/core/database/database-server.js';
import { poolOf } from '../../src/core/database/read-path/pipelined-read.js';
import { JobQueue } from '../../src/core/jobs/job-queue.js';
import { createApp } from '../../src/create-app.js';
import type { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import { ENGINE } from '../support/database.js';
import { Passage } from '../support/passage.js';
import { PASSWORD, type Person } from '../support/people.js';
import { eventually, inTime } from '../support/waiting.js';

// The embedded engine is in the process itself: there is no way to it that could be cut.
const onServer = ENGINE === 'server' ? describe : describe.skip;

onServer('when the database', () => {
  let atrium: TestApp;
  let passage: Passage;
  let anna: Person;
  let client: ApiClient;

  beforeAll(async () => {
    const settings = { DATABASE_POOL_SIZE: '4', STATEMENT_TIMEOUT_SECONDS: '1' };
    atrium = await startApp(settings, [], async ({ url, directUrl }) => {
      passage = await Passage.to(url!);
      return DatabaseServer.remote(passage.url, directUrl);
    });
    anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
    client = await atrium.api().login(anna.email, PASSWORD);
  });
  afterEach(() => passage.mend());
  afterAll(async () => {
    await atrium.stop();
    passage.cut();
  });

  const health = () => atrium.browser().visit('/health/');
  const allIsWell = async () =>
    (await health()).status === 200 &&
    (await anna.browser.visit('/projects/')).status === 200 &&
    (await client.get('/projects')).status === 200;

  /** Every kind of request gets a 503 in its format within `seconds`. */
  async function everybodyIsTold(path: string, seconds: number): Promise<void> {
    const french = anna.browser.with('Accept-Language', 'fr');
    const [page, answer] = await Promise.all([
      inTime(seconds, french.visit(path)),
      inTime(seconds, client.get(path.slice(0, -1), { 'accept-language': 'nl' })),
    ]);
    expect([page.status, Number(page.response.get('retry-after'))]).toEqual([503, 5]);
    expect(page.document.querySelector('html')?.getAttribute('lang')).toBe('fr-BE');
    expect(page.document.querySelector('header.topbar')).not.toBeNull();
    expect(page.text).toContain('Réessayer');
    expect(answer.get('content-type')).toMatch(/^application\/problem\+json/);
    expect([answer.status, Number(answer.get('retry-after'))]).toEqual([503, 5]);
    expect(answer.body).toMatchObject({ status: 503, title: 'Tijdelijk niet beschikbaar' });
  }

  describe.each([
    ['is gone', () => passage.cut(), 2],
    ['has fallen silent', () => passage.silence(), 10],
  ])('%s', (_, breaks, seconds) => {
    test('requests get a 503 in time, and work again once the database is back', async () => {
      breaks();
      const page = await inTime(2, health());
      expect([page.status, page.response.body]).toEqual([
        503,
        expect.objectContaining({ status: 'error', db: 'error' }),
      ]);
      await everybodyIsTold('/projects/', seconds);
      expect((await atrium.browser().visit('/health/live')).status).toBe(200);
      await passage.mend();
      await eventually(allIsWell);
    }, 30_000);
  });

  test('is gone, a process still stops in time', async () => {
    const other = await createApp(
      atrium.config,
      DatabaseServer.remote(passage.url, atrium.database.directUrl),
    );
    await other.listen(0, '127.0.0.1');
    passage.cut();
    await health();
    await inTime(5, other.close());
  }, 30_000);

  test('is gone while mails are being sent, every mail arrives', async () => {
    const invited = Array.from({ length: 8 }, (_, turn) => `guest${turn}@acme.test`);
    for (const [turn, email] of invited.entries()) {
      const answer = await client.post('/invitations', { email, role: 'member' });
      expect([email, answer.status]).toEqual([email, 201]);
      if (turn === 5) passage.cut();
      if (turn === 5) await passage.mend();
      if (turn === 5) await eventually(async () => (await client.get('/me')).status === 200);
    }
    // Interrupted jobs are restarted after minutes, which this test does not wait for.
    await atrium.sql(
      `UPDATE pgboss.job SET started_on = now() - interval '1 hour' WHERE state = 'active'`,
    );
    const { boss } = atrium.app.get<unknown, { boss: PgBoss }>(JobQueue);
    await boss.supervise();
    await atrium.sql(`UPDATE pgboss.job SET start_after = now() WHERE state = 'retry'`);
    for (const email of invited) await atrium.mails.expect(email);
  }, 30_000);

  test('is slow with one thing, that is given up in time, and others are served meanwhile', async () => {
    const slow = await atrium.database.owner.connect();
    await slow.query('BEGIN; LOCK TABLE project IN ACCESS EXCLUSIVE MODE');
    try {
      const told = everybodyIsTold('/projects/', 4);
      expect((await inTime(1, client.get('/me'))).status).toBe(200);
      expect((await inTime(1, atrium.browser().visit('/login/'))).status).toBe(200);
      await told;
    } finally {
      await slow.query('ROLLBACK');
      slow.release();
    }
    expect(await allIsWell()).toBe(true);
  }, 30_000);

  test('ends one of two deadlocked transactions, its request gets a 503', async () => {
    await atrium.sql(`CREATE FUNCTION give_way() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$`);
    await atrium.sql(
      `CREATE TRIGGER give_way BEFORE INSERT ON project EXECUTE FUNCTION give_way()`,
    );
    const make = () => client.post('/projects', { name: 'Made twice' });
    const answer = await make();
    expect([answer.status, answer.get('retry-after')]).toEqual([503, '5']);
    await atrium.sql(`DROP FUNCTION give_way CASCADE`);
    expect((await make()).status).toBe(201);
    expect(await atrium.sql('SELECT name FROM project')).toEqual([{ name: 'Made twice' }]);
  });

  test('has no connection left, requests get a 503 in time, and work again once there is one', async () => {
    const pool = poolOf(atrium.app.get(DataSource));
    const taken = await Promise.all(Array.from({ length: 4 }, () => pool.connect()));
    try {
      const told = Array.from({ length: 10 }, () => inTime(5, anna.browser.visit('/profile/')));
      await everybodyIsTold('/projects/', 5);
      expect((await Promise.all(told)).map(({ status }) => status)).toEqual(Array(10).fill(503));
    } finally {
      taken.forEach((connection) => connection.release());
    }
    expect(await allIsWell()).toBe(true);
  }, 30_000);
});
