import { randomBytes } from 'node:crypto';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseOfItsOwn } from './database.js';
import { run, start, Visitor } from './support.js';

const { settings, sql } = databaseOfItsOwn();
const { DATA_DIR } = settings;

async function purge(...args: string[]): Promise<Record<string, number>> {
  const command = run('commands.js', settings, ['purge-sessions', ...args]);
  const code = await command.ended;
  if (code !== 0) throw new Error(command.output());
  const lines = [...command.output().matchAll(/^ *([\d,]+) {2}(\w+)/gm)];
  return Object.fromEntries(
    lines.map(([, count, what]) => [what, Number(count!.replace(',', ''))]),
  );
}

const NONE = { sessions: 0, refresh: 0, mailed: 0, entries: 0, old: 0, files: 0 };

test('the command deletes expired data, with and without a running application', async () => {
  const running = await start(settings);
  const [anna, bert] = [new Visitor(running.url), new Visitor(running.url)];
  await anna.arrive('anna@acme.test', 'Acme');
  await bert.arrive('bert@globex.test', 'Globex');
  await sql(`
    UPDATE session SET last_seen_at = now() - interval '60 days'
      WHERE user_id = (SELECT id FROM users WHERE email = 'bert@globex.test');
    UPDATE user_token SET expires_at = now() - interval '1 minute'
      WHERE user_id = (SELECT id FROM users WHERE email = 'bert@globex.test')`);
  const folder = join(DATA_DIR, 'uploads', 'avatar');
  mkdirSync(folder, { recursive: true });
  const left = join(folder, `${randomBytes(16).toString('hex')}.webp`);
  writeFileSync(left, 'left behind');
  utimesSync(left, new Date('2026-01-01'), new Date('2026-01-01'));

  const over = { ...NONE, sessions: 1, mailed: 1, files: 1 };
  expect(await purge('--dry-run')).toEqual(over);
  expect(await readdir(folder)).toHaveLength(1);
  const both = await Promise.all([purge(), purge()]);
  for (const what of ['sessions', 'mailed'] as const) {
    expect([what, both[0][what]! + both[1][what]!]).toEqual([what, 1]);
  }
  expect(await readdir(folder)).toEqual([]);
  expect((await anna.get('/dashboard/')).text).toContain('Welcome Anna');
  expect((await bert.get('/dashboard/')).location).toBe('/login/?next=%2Fdashboard%2F');

  running.child.kill('SIGTERM');
  await running.ended;
  expect(await purge()).toEqual(NONE);
}, 120_000);

test('it reports what it does, and refuses unknown options', async () => {
  const help = run('commands.js', settings, ['purge-sessions', '--help']);
  expect(await help.ended).toBe(0);
  expect(help.output()).toContain('purge-sessions [--dry-run]');
  const refused = run('commands.js', settings, ['purge-sessions', '--dryrun']);
  expect(await refused.ended).toBe(1);
  expect(refused.output()).toContain('does not know "--dryrun"');
});
