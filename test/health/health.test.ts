import { DataSource } from 'typeorm';
import { poolOf } from '../../src/core/database/read-path/pipelined-read.js';
import { allow } from '../support/limits.js';
import { startApp, type TestApp } from '../support/app.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

const ask = (path: string) =>
  atrium
    .browser()
    .agent.get(path)
    .ok(() => true);

test.each(['/health/', '/health'])('%s says that all is well', async (path) => {
  const answer = await ask(path);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ status: 'ok', db: 'ok' });
  expect(answer.get('content-type')).toMatch(/^application\/json/);
});

test.each(['/health/live', '/health/live/', '/health/ready', '/health/ready/'])(
  '%s answers a probe',
  async (path) => {
    const answer = await ask(path);
    expect([answer.status, (answer.body as { status: string }).status]).toEqual([200, 'ok']);
  },
);

test.each(['/health/', '/health/live', '/health/ready'])(
  '%s leaves nothing behind: no cookie, no cache, no session',
  async (path) => {
    const { browser, userId } = await atrium.people.signedIn((await someone()).email);
    await atrium.sql(
      `UPDATE session SET last_seen_at = now() - interval '1 hour' WHERE user_id = $1`,
      [userId],
    );
    const answer = await browser.visit(path);
    expect(answer.response.get('set-cookie')).toBeUndefined();
    expect(answer.response.get('cache-control')).toContain('no-store');
    const [row] = await atrium.sql(
      `SELECT bool_and(last_seen_at < now() - interval '50 minutes') AS untouched
       FROM session WHERE user_id = $1`,
      [userId],
    );
    expect(row).toEqual({ untouched: true });
  },
);

test('a probe may ask with HEAD', async () => {
  const answer = await atrium.browser().agent.head('/health/');
  expect([answer.status, answer.text]).toEqual([200, undefined]);
});

test('a database behind the code is not ready, and alive all the same', async () => {
  const [last] = await atrium.sql<{ id: number }>('SELECT max(id) AS id FROM migrations');
  await atrium.sql(`UPDATE migrations SET name = name || '_undone' WHERE id = $1`, [last!.id]);
  const ready = await ask('/health/ready');
  expect([ready.status, ready.body]).toEqual([
    503,
    {
      status: 'error',
      db: 'ok',
      details: {
        db: { status: 'up' },
        migrations: { status: 'down' },
        process: { status: 'up' },
      },
    },
  ]);
  expect((await ask('/health/')).status).toBe(200);
  await atrium.sql(`UPDATE migrations SET name = replace(name, '_undone', '') WHERE id = $1`, [
    last!.id,
  ]);
  expect((await ask('/health/ready')).status).toBe(200);
});

describe('with a database that hangs', () => {
  test('a probe says so within two seconds', async () => {
    const pool = poolOf(atrium.app.get(DataSource));
    const original = pool.query.bind(pool);
    const { promise: silence, reject: endSilence } = Promise.withResolvers<never>();
    silence.catch(() => undefined);
    Object.assign(pool, { query: () => silence });
    try {
      const started = performance.now();
      const answer = await ask('/health/');
      expect(performance.now() - started).toBeLessThan(allow(2_000));
      expect([answer.status, answer.body]).toEqual([
        503,
        expect.objectContaining({ status: 'error', db: 'error' }),
      ]);
    } finally {
      Object.assign(pool, { query: original });
      // The worker may have asked too, and would not be stopped before it has an answer.
      endSilence(new Error('Connection terminated'));
    }
  });
});

describe('with the database gone', () => {
  beforeAll(async () => {
    await poolOf(atrium.app.get(DataSource)).end();
  });

  test.each(['/health/', '/health', '/health/ready'])('%s says so at once', async (path) => {
    const started = performance.now();
    const answer = await ask(path);
    expect(performance.now() - started).toBeLessThan(allow(2_000));
    expect([answer.status, answer.body]).toEqual([
      503,
      expect.objectContaining({ status: 'error', db: 'error' }),
    ]);
  });

  test('the process is alive', async () => {
    expect((await ask('/health/live')).status).toBe(200);
  });

  test('pages say that the service will be back, in the language of the visitor', async () => {
    const browser = atrium.browser().with('Accept-Language', 'fr');
    browser.agent.jar.setCookie(`atrium_session=${'A'.repeat(43)}; Path=/`, '127.0.0.1', '/');
    const page = await browser.visit('/dashboard/');
    expect([page.status, page.response.get('retry-after')]).toEqual([503, '5']);
    expect(page.document.querySelector('html')?.getAttribute('lang')).toBe('fr-BE');
    expect(page.document.querySelector('header.topbar')).not.toBeNull();
  });
});

let made = 0;
const someone = () => atrium.people.memberOf('Acme', `someone${++made}@acme.example`);
