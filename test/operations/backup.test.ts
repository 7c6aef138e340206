import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { projectPath } from '../../src/core/config/project-path.js';
import { freePort, start, temporaryFolder, Visitor, type Running } from '../process/support.js';
import { ENGINE } from '../support/database.js';
import { fakeSmtp } from '../support/fake-smtp.js';
import { postgresPrograms, privateServer, type PrivateServer } from '../support/private-server.js';
import { eventually } from '../support/waiting.js';

const programs = ENGINE === 'server' ? postgresPrograms() : null;
if (ENGINE === 'server' && !programs) {
  console.warn(
    'Backup is not tried: initdb, postgres, pg_dump, pg_restore and psql are not installed here',
  );
}
const withPrograms = programs ? describe : describe.skip;
const folder = temporaryFolder();
const PASSWORD = 'paper lantern orbit';

/** The commands of the guide, as somebody copies them, block by block. */
const [makeBackupRole, dump, makeRoles, restore] = [
  ...readFileSync(projectPath('docs', 'backup-and-restore.md'), 'utf8').matchAll(
    /```sh\n([^`]+)```/g,
  ),
].map(([, commands]) => commands!);

withPrograms('a backup that is made and restored by the guide', () => {
  let smtp: Awaited<ReturnType<typeof fakeSmtp>>;
  let before: PrivateServer;
  let after: PrivateServer;
  const processes: Running[] = [];
  let said = '';

  const environment = (server: PrivateServer) => ({
    ADMIN_URL: server.url(),
    DATA_DIR: folder,
    BACKUP_DATABASE_URL: server.url('atrium_backup', 'atrium'),
    DATABASE_URL: server.url('atrium_app', 'atrium'),
    MIGRATION_DATABASE_URL: server.url('atrium_owner', 'atrium'),
    NODE_ENV: 'production',
    APP_SECRET: 'a secret for tests, long enough to be one',
    APP_URL: 'https://atrium.test',
    ALLOWED_HOSTS: '127.0.0.1',
  });

  /** Runs the commands in the built application's folder; the dump is written to a folder of the test. */
  async function follow(commands: string, server: PrivateServer): Promise<string> {
    const script = commands
      .replaceAll('atrium.dump', join(folder, 'atrium.dump'))
      .replaceAll('npm run atrium --', `'${process.execPath}' dist/src/commands.js`);
    const PATH = [programs, process.env.PATH].join(delimiter);
    const env: NodeJS.ProcessEnv = { ...process.env, ...environment(server), PATH };
    delete env.NODE_OPTIONS;
    const options = { cwd: projectPath(), env };
    const done = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], options);
    return done.stdout + done.stderr;
  }

  async function startOn(server: PrivateServer, smtpPort: number): Promise<Running> {
    const running = await start({
      ...environment(server),
      MIGRATE_ON_START: String(server === before),
      SMTP_URL: `smtp://127.0.0.1:${smtpPort}?ignoreTLS=true`,
    });
    processes.push(running);
    return running;
  }

  async function stop(running: Running): Promise<void> {
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
  }

  beforeAll(async () => {
    smtp = await fakeSmtp();
    [before, after] = await Promise.all([
      privateServer(programs!, await freePort()),
      privateServer(programs!, await freePort()),
    ]);
    const [createRoles] = makeRoles!.split(/^npm /m);
    await follow(createRoles!, before);
    // No mail leaves here: those of the invitation below are in the backup.
    const running = await startOn(before, await freePort());
    for (const [email, organization] of [
      ['anna@acme.test', 'Acme'],
      ['gus@globex.test', 'Globex'],
    ] as const) {
      const person = new Visitor(running.url);
      await person.arrive(email, organization);
      await person.submit('/projects/new/', { name: `Project of ${organization}` });
      const guest = { email: `guest.of.${email}`, role: 'member' };
      await person.submit('/settings/users/', { action: 'invite', ...guest });
    }
    await follow(makeBackupRole!, before);
    await follow(dump!, before);
    await stop(running);
    await follow(makeRoles!, after);
    said = await follow(restore!, after);
  }, 120_000);

  afterAll(async () => {
    processes.forEach(({ child }) => child.kill('SIGKILL'));
    await Promise.all(processes.map(({ ended }) => ended));
    await Promise.all([before?.stop(), after?.stop()]);
    await smtp?.stop();
  });

  test('is whole: the audit trail is unbroken', () => {
    expect(said).toContain('unbroken');
  });

  test('protects rows as before: policies, owners and grants are the same', async () => {
    const [there, here] = [await protection(before), await protection(after)];
    expect(there.length).toBeGreaterThan(100);
    expect(here).toEqual(there);
  });

  test('shows each organisation its own rows only, and the application cannot change that', async () => {
    const client = new pg.Client({ connectionString: after.url('atrium_app', 'atrium') });
    await client.connect();
    try {
      const count = async () => (await client.query('SELECT 1 FROM project')).rowCount;
      await expect(count()).rejects.toThrow(/permission denied/);
      await client.query('SET ROLE app_user');
      expect(await count()).toBe(0);
      const [acme] = await asked<{ id: string }>(
        after,
        `SELECT id FROM tenant WHERE organization = 'Acme'`,
      );
      await client.query(`SELECT set_config('app.tenant_id', $1, false)`, [acme!.id]);
      expect(await count()).toBe(1);
      await expect(client.query('ALTER TABLE project DISABLE ROW LEVEL SECURITY')).rejects.toThrow(
        /must be owner/,
      );
    } finally {
      await client.end();
    }
  });

  test('is worked on: people sign in, see what was theirs, and mails that had not left leave', async () => {
    const running = await startOn(after, smtp.port);
    const anna = new Visitor(running.url);
    const signIn = { email: 'anna@acme.test', password: PASSWORD };
    expect((await anna.submit('/login/', signIn)).status).toBe(303);
    const { text } = await anna.get('/projects/');
    expect(text).toContain('Project of Acme');
    expect(text).not.toContain('Globex');
    await eventually(() => Promise.resolve(smtp.to('guest.of.anna@acme.test').length === 1), 30);
    expect(running.output()).not.toMatch(/"level":50|The job engine met an error/);
    await jobsAreLookedAfter();
  }, 60_000);

  /** What every worker does once a minute, with the rights of its login. */
  async function jobsAreLookedAfter(): Promise<void> {
    const pool = new pg.Pool({ connectionString: after.url('atrium_app', 'atrium'), max: 2 });
    const boss = new PgBoss({
      db: { executeSql: (text, values) => pool.query(text, values) },
      migrate: false,
      supervise: false,
      schedule: false,
    });
    try {
      await boss.start();
      await boss.supervise();
    } finally {
      await boss.stop({ graceful: false });
      await pool.end();
    }
  }
});

/** All that decides who sees and does what, one line each. */
async function protection(server: PrivateServer): Promise<string[]> {
  const rows = await asked<{ line: string }>(
    server,
    `
    SELECT concat_ws(' ', 'table', n.nspname, c.relname, pg_get_userbyid(c.relowner),
        c.relrowsecurity, c.relforcerowsecurity,
        (SELECT string_agg(each::text, ',' ORDER BY each::text) FROM unnest(c.relacl) each)) AS line
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('public', 'pgboss') AND c.relkind IN ('r', 'p', 'v', 'S')
    UNION ALL SELECT concat_ws(' ', 'column', attrelid::regclass, attname, attacl::text)
      FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid::regclass::text NOT LIKE 'pg_%'
    UNION ALL SELECT concat_ws(' ', 'policy', tablename, policyname, permissive, roles::text, cmd, qual, with_check)
      FROM pg_policies
    UNION ALL SELECT concat_ws(' ', 'function', n.nspname, p.proname, pg_get_userbyid(p.proowner), p.prosecdef, p.proacl::text)
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('public', 'pgboss')
    UNION ALL SELECT concat_ws(' ', 'trigger', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT concat_ws(' ', 'schema', nspname, nspacl::text) FROM pg_namespace WHERE nspname IN ('public', 'pgboss')
    UNION ALL SELECT concat_ws(' ', 'role', rolname, rolsuper, rolinherit, rolbypassrls, rolcanlogin, rolcreaterole)
      FROM pg_roles WHERE rolname NOT LIKE 'pg_%' AND rolname <> 'atrium_backup'
    UNION ALL SELECT concat_ws(' ', 'member', roleid::regrole, member::regrole) FROM pg_auth_members
      WHERE member::regrole::text <> 'atrium_backup'
    ORDER BY 1`,
  );
  return rows.map(({ line }) => line);
}

async function asked<T extends object>(server: PrivateServer, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: server.url('admin', 'atrium') });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}
