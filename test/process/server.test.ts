import pg from 'pg';
import { ENGINE, settingsFor } from '../support/database.js';
import { run, start, temporaryFolder, Visitor, freePort } from './support.js';

// These are about a PostgreSQL server; the embedded engine has one process and one role to sign in.
const onServer = ENGINE === 'server' ? describe : describe.skip;
const folder = temporaryFolder();

onServer('on a PostgreSQL server', () => {
  const name = `atrium_process_${process.pid}`;
  const login = `atrium_login_${process.pid}`;
  const owner = new URL(process.env.TEST_DATABASE_URL || 'postgres://unused');
  const maintainer = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL });

  beforeAll(async () => {
    await maintainer.connect();
    await maintainer.query(`CREATE ROLE ${login} LOGIN PASSWORD 'secret'`);
  });
  beforeEach(async () => {
    await maintainer.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await maintainer.query(`CREATE DATABASE ${name}`);
    owner.pathname = `/${name}`;
  });
  afterAll(async () => {
    await maintainer.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await maintainer.query(`DROP ROLE IF EXISTS ${login}`);
    await maintainer.end();
  });

  const settings = () => ({ ...settingsFor(owner), DATA_DIR: folder });

  test('two processes that start at once on an empty database both come up, as one application', async () => {
    const [one, two] = await Promise.all([start(settings()), start(settings())]);
    try {
      const anna = new Visitor(one.url);
      await anna.arrive('anna@acme.test', 'Acme');
      anna.url = two.url;
      expect((await anna.get('/dashboard/')).text).toContain('Welcome Anna');
      await auditVerifies(owner.href);
    } finally {
      one.child.kill('SIGTERM');
      two.child.kill('SIGTERM');
      await Promise.all([one.ended, two.ended]);
    }
  }, 90_000);

  /** The command beside the running application: all is well; then somebody changes an entry by SQL. */
  async function auditVerifies(url: string): Promise<void> {
    const well = run('commands.js', settings(), ['audit-verify']);
    expect([await well.ended, well.output()]).toEqual([0, expect.stringContaining('unbroken')]);
    const database = new pg.Client({ connectionString: url });
    await database.connect();
    const { rows } = await database.query<{ tenant: string }>(
      `UPDATE audit_entry SET subject_name = 'Globex' WHERE action = 'tenant.created'
       RETURNING tenant_id AS tenant`,
    );
    await database.end();
    const broken = run('commands.js', settings(), ['audit-verify']);
    expect(await broken.ended).toBe(1);
    expect(broken.output()).toContain(
      `Entry 1 of organisation ${rows[0]!.tenant} was changed after it was written.`,
    );
    expect(broken.output()).not.toMatch(/^\s+at /m);
  }

  test('with a login of its own that owns nothing, everything works, mail too', async () => {
    const app = new URL(owner.href);
    app.username = login;
    app.password = 'secret';
    const both = { ...settingsFor(app), MIGRATION_DATABASE_URL: owner.href, DATA_DIR: folder };
    const running = await start(both);
    try {
      const anna = new Visitor(running.url);
      await anna.arrive('anna@acme.test', 'Acme');
      expect((await anna.get('/dashboard/')).text).toContain('Welcome Anna');
      let mails = '[]';
      for (let tries = 0; tries < 100 && mails === '[]'; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        mails = (await anna.get('/dev/mail.json')).text;
      }
      expect(JSON.parse(mails)).toEqual([expect.objectContaining({ to: 'anna@acme.test' })]);
      const outside = new pg.Client({ connectionString: app.href });
      await outside.connect();
      await expect(outside.query('SELECT 1 FROM tenant')).rejects.toThrow('permission denied');
      await outside.end();
    } finally {
      running.child.kill('SIGTERM');
      await running.ended;
      const database = new pg.Client({ connectionString: owner.href });
      await database.connect();
      await database.query(`DROP OWNED BY ${login}`);
      await database.end();
    }
  }, 90_000);

  test('in production a request leaves one line of JSON: who, what, how long, and no secret', async () => {
    const running = await start({
      ...settings(),
      NODE_ENV: 'production',
      APP_SECRET: 'a secret for tests, long enough to be one',
      APP_URL: 'https://atrium.test',
      ALLOWED_HOSTS: '127.0.0.1',
    });
    try {
      const anna = new Visitor(running.url);
      await anna.arrive('anna@acme.test', 'Acme');
      await anna.get('/dashboard/?secret=in-the-query');
      // The line is written once the answer is out.
      await new Promise((resolve) => setTimeout(resolve, 500));
      const lines = running
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const seen = lines.find(({ msg }) => String(msg).startsWith('GET /dashboard/'));
      expect(seen).toMatchObject({
        request_id: expect.stringMatching(/^[\w-]{36}$/) as string,
        user_id: expect.stringMatching(/^[\w-]{36}$/) as string,
        tenant_id: expect.stringMatching(/^[\w-]{36}$/) as string,
        latency_ms: expect.any(Number) as number,
      });
      const session = anna.cookie('__Host-atrium_session');
      expect(session).toHaveLength(43);
      for (const secret of ['paper lantern orbit', session!, 'in-the-query']) {
        expect(running.output()).not.toContain(secret);
      }
    } finally {
      running.child.kill('SIGTERM');
      await running.ended;
    }
  }, 90_000);

  test('a server that does not answer is said in a sentence', async () => {
    const port = await freePort();
    const refused = run('main.js', { DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/none` });
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toContain('The database does not answer');
    expect(refused.output()).not.toMatch(/^\s+at /m);
  }, 30_000);
});
