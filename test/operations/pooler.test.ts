import { DatabaseServer } from '../../src/core/database/database-server.js';
import { run, start, temporaryFolder, type Running } from '../process/support.js';
import { startApp, type TestApp } from '../support/app.js';
import type { ApiClient } from '../support/api.js';
import { ENGINE } from '../support/database.js';
import { PASSWORD, type Person } from '../support/people.js';
import { findPgBouncer, startPooler, type Pooler } from '../support/pooler.js';
import { eventually, inTime } from '../support/waiting.js';

const program = ENGINE === 'server' ? findPgBouncer() : 'The embedded engine needs no pooler.';

/** Connections of the server that everybody shares. */
const SHARED = 3;

if (typeof program === 'string') {
  test.skip(`behind PgBouncer: ${program}`, () => undefined);
} else {
  describe('behind PgBouncer in transaction mode', () => {
    let pooler: Pooler;
    let atrium: TestApp;
    let direct: string;
    let pooled: string;
    let anna: Person;
    let gus: Person;

    beforeAll(async () => {
      const settings = { DATABASE_POOL_SIZE: '20', STATEMENT_TIMEOUT_SECONDS: '2' };
      atrium = await startApp(settings, [], async ({ url, directUrl = url }) => {
        direct = directUrl!;
        pooler = await startPooler(program, new URL(direct), SHARED);
        const through = new URL(direct);
        through.host = pooler.host;
        pooled = through.href;
        return DatabaseServer.remote(pooled, direct);
      });
      anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
      gus = await atrium.people.adminOf('Globex', 'gus@globex.test');
    });
    afterAll(async () => {
      await atrium?.stop();
      await pooler?.stop();
    });

    test('sixty requests at once share three connections, and each organisation has what is its own', async () => {
      const [acme, globex] = await Promise.all(
        [anna, gus].map(({ email }) => atrium.api().login(email, PASSWORD)),
      );
      const make = (client: ApiClient, of: string) => (_: unknown, at: number) =>
        client.post('/projects', { name: `${of} ${at}` });
      const turns = Array.from({ length: 20 });
      const answers = await Promise.all([
        ...turns.map(make(acme!, 'Acme')),
        ...turns.map(make(globex!, 'Globex')),
        ...turns.map(() => anna.browser.visit('/projects/').then(({ response }) => response)),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([
        ...Array<number>(40).fill(201),
        ...Array<number>(20).fill(200),
      ]);
      for (const [client, name] of [
        [acme!, 'Acme'],
        [globex!, 'Globex'],
      ] as const) {
        const { body } = await client.get('/projects?limit=100');
        const names = (body as { items: Array<{ name: string }> }).items.map((each) => each.name);
        expect(names.sort()).toEqual(turns.map((_, at) => `${name} ${at}`).sort());
      }
      const { connections, transactions } = await pooler.figures();
      expect(connections).toBeLessThanOrEqual(SHARED + 1);
      expect(transactions).toBeGreaterThan(100);
    });

    test('what takes too long is given up, a page that reads and one that changes', async () => {
      const slow = await atrium.database.owner.connect();
      await slow.query('BEGIN; LOCK TABLE project IN ACCESS EXCLUSIVE MODE');
      try {
        const client = await atrium.api().login(anna.email, PASSWORD);
        const [page, answer] = await Promise.all([
          inTime(5, anna.browser.visit('/projects/')),
          inTime(5, client.post('/projects', { name: 'Too late' })),
        ]);
        expect([page.status, answer.status]).toEqual([503, 503]);
        // Not by the application alone: the server has ended them, too.
        const waiting = await atrium.sql(
          `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        expect(waiting).toEqual([]);
      } finally {
        await slow.query('ROLLBACK');
        slow.release();
      }
      expect((await anna.browser.visit('/projects/')).status).toBe(200);
    });

    test('a change in the database is heard of within a second or so', async () => {
      const isOff = async () => (await anna.browser.visit('/projects/')).status === 404;
      await atrium.sql(
        `INSERT INTO feature_rollout (flag, percent, unit) VALUES ('projects', 0, 'user')`,
      );
      await eventually(isOff, 3);
      await atrium.sql(`DELETE FROM feature_rollout`);
      await eventually(async () => !(await isOff()), 3);
    });

    describe('a process', () => {
      const folder = temporaryFolder();
      const running: Running[] = [];
      afterEach(async () => {
        running.forEach(({ child }) => child.kill('SIGTERM'));
        await Promise.all(running.splice(0).map(({ ended }) => ended));
      });

      test('that knows the server behind it starts', async () => {
        const both = { DATABASE_URL: pooled, DIRECT_DATABASE_URL: direct };
        running.push(await start({ ...both, DATA_DIR: folder, MIGRATE_ON_START: 'false' }));
      }, 90_000);

      test.each([
        ['that migrates', 'true'],
        ['that waits until another one has migrated', 'false'],
      ])(
        '%s and does not know the server says what it needs',
        async (_, MIGRATE_ON_START) => {
          const through = { DATABASE_URL: pooled, DIRECT_DATABASE_URL: '' };
          const refused = run('main.js', {
            ...through,
            MIGRATE_ON_START,
            DATA_DIR: folder,
            PORT: '0',
          });
          expect(await refused.ended).toBe(1);
          expect(refused.output()).toContain('DIRECT_DATABASE_URL');
          expect(refused.output()).not.toMatch(/^\s+at /m);
        },
        60_000,
      );
    });
  });
}
