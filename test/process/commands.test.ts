import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { projectPath } from '../../src/core/config/project-path.js';
import { databaseOfItsOwn } from './database.js';
import { run, start, Visitor } from './support.js';

const { settings, sql } = databaseOfItsOwn();

async function command(line: string, typed = ''): Promise<{ code: number | null; said: string }> {
  const running = run('commands.js', { ...settings }, line.split(' '));
  running.child.stdin?.end(typed);
  const code = await running.ended;
  return { code, said: running.output() };
}

const PASSWORD = 'paper lantern orbit\n';

/** Every command, and what it says when all is well. */
const COMMANDS: Array<[string, RegExp, string?]> = [
  ['migrate', /The database is up to date\./],
  ['load-reference-data', /\d+ countries, .*; 0 rows changed\./],
  ['create-superuser root@atrium.test', /root@atrium\.test is a superuser/, PASSWORD],
  ['seed-demo', /blue canal morning/],
  ['rotate-keys', /signed with the key \S+\./],
  ['purge-sessions', /Removed:/],
  ['audit-verify', /The audit trail is unbroken: \d+ entries in 2 chains\./],
];

test('every command works without the application, on an empty database too', async () => {
  for (const [line, saying, typed] of COMMANDS) {
    expect([line, await command(line, typed)]).toEqual([
      line,
      { code: 0, said: expect.stringMatching(saying) as string },
    ]);
  }
}, 180_000);

test('and beside it, whoever is signed in', async () => {
  const running = await start({ ...settings });
  try {
    const root = new Visitor(running.url);
    await root.submit('/login/', { email: 'root@atrium.test', password: PASSWORD.trim() });
    for (const [line, saying, typed] of COMMANDS) {
      expect([line, await command(line, typed)]).toEqual([
        line,
        { code: 0, said: expect.stringMatching(saying) as string },
      ]);
    }
    expect((await root.get('/admin/')).status).toBe(200);
  } finally {
    running.child.kill('SIGTERM');
    await running.ended;
  }
}, 180_000);

test('an entry of the trail that is changed or deleted by SQL is named by audit-verify', async () => {
  const [entry] = await sql<{ tenant: string; position: string }>(
    `SELECT tenant_id AS tenant, position FROM audit_entry WHERE tenant_id IS NOT NULL
     ORDER BY position OFFSET 5 LIMIT 1`,
  );
  const where = `WHERE tenant_id = '${entry!.tenant}' AND position = ${entry!.position}`;
  const named = `Entry ${entry!.position} of organisation ${entry!.tenant}`;
  await sql(`UPDATE audit_entry SET device = 'somebody else’s' ${where}`);
  const changed = await command('audit-verify');
  expect([changed.code, changed.said]).toEqual([
    1,
    expect.stringContaining(`${named} was changed`),
  ]);
  await sql(`DELETE FROM audit_entry ${where}`);
  const deleted = await command('audit-verify');
  expect([deleted.code, deleted.said]).toEqual([
    1,
    expect.stringContaining(`${named} is missing.`),
  ]);
}, 60_000);

test('seed-demo is refused in production, whatever is added to it', async () => {
  const production = {
    NODE_ENV: 'production',
    APP_SECRET: 'a secret for tests, long enough to be one',
  };
  for (const args of [['seed-demo'], ['seed-demo', '--force']]) {
    const running = run(
      'commands.js',
      { ...settings, ...production, APP_URL: 'https://a.test' },
      args,
    );
    expect(await running.ended).toBe(1);
    expect(running.output()).toMatch(/in development only|does not know "--force"/);
  }
}, 60_000);

test('an older Node.js is told in a sentence that it is too old', async () => {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`;
  for (const script of ['main.js', 'commands.js']) {
    const args = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`];
    const child = spawn(process.execPath, [...args, projectPath('dist', 'src', script)]);
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect([code, said]).toEqual([1, expect.stringContaining('needs Node.js 24 or newer')]);
  }
}, 30_000);

test('a brand that cannot be used ends every program with the sentence that names the value', async () => {
  const pretend = `import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const { readFileSync } = fs;
    fs.readFileSync = (path, ...rest) =>
      String(path).endsWith('brand.json') ? '{ "name": "" }' : readFileSync(path, ...rest);
    syncBuiltinESMExports();`;
  for (const script of ['main.js', 'commands.js']) {
    const args = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`];
    const child = spawn(process.execPath, [...args, projectPath('dist', 'src', script)]);
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect([code, said.trim().split('\n')]).toEqual([
      1,
      [expect.stringMatching(/^brand\/brand\.json: "name" must be one line/)],
    ]);
  }
}, 30_000);

test('without a password there is no superuser, and the command says what is missing', async () => {
  const { code, said } = await command('create-superuser root@atrium.test');
  expect([code, said]).toEqual([1, expect.stringContaining('No password was given')]);
});

test('help names every command, and each says more about itself', async () => {
  const { said } = await command('help');
  for (const [line] of COMMANDS) {
    const [name] = line.split(' ');
    expect(said).toContain(`  ${name}`);
  }
  expect((await command('seed-demo --help')).said).toContain('Works while the application runs');
  const unknown = await command('purge');
  expect([unknown.code, unknown.said]).toEqual([1, expect.stringContaining('no command "purge"')]);
}, 60_000);
