import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { EmbeddedDatabase } from '../../src/pglite-wire/embedded-database.js';
import { FolderInUseError } from '../../src/pglite-wire/errors.js';
import { joinEmbedded } from '../../src/pglite-wire/join-embedded.js';
import { socketPath } from '../../src/pglite-wire/socket-path.js';
import { poolOver, temporaryFolder, valueOf } from './support.js';

const program = join(process.cwd(), `node_modules/.cache/atrium-engine-process-${process.pid}.mjs`);

describe('The folder of the embedded database', () => {
  /** A database that was made once: making one takes seconds. */
  const made = temporaryFolder();
  let folder: ReturnType<typeof temporaryFolder>;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    await build({
      entryPoints: [join(import.meta.dirname, 'engine-process.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
    await (await EmbeddedDatabase.open({ folder: made.path })).close();
  });

  beforeEach(() => {
    folder = temporaryFolder();
    cpSync(made.path, folder.path, { recursive: true });
  });

  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    folder.remove();
  });

  afterAll(() => {
    rmSync(program, { force: true });
    made.remove();
  });

  function run(mode: string): { child: ChildProcess; lines: AsyncIterator<string> } {
    const child = spawn(process.execPath, [program, mode, folder.path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
  }

  async function kill(child: ChildProcess): Promise<void> {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  it('keeps its data over a restart, and leaves no socket or process id', async () => {
    const first = await EmbeddedDatabase.open({ folder: join(folder.path, 'new', 'data') });
    const data = join(folder.path, 'new', 'data');
    expect(statSync(data).mode & 0o777).toBe(0o700);
    expect(statSync(join(data, 'atrium.sock')).mode & 0o777).toBe(0o600);
    const pool = poolOver(first);
    await pool.query(`create table note as select 'kept' as body`);
    expect(await valueOf(pool, 'show fsync')).toBe('on');
    await pool.end();
    await Promise.all([first.close(), first.close()]);
    expect(existsSync(join(data, 'atrium.sock'))).toBe(false);
    expect(existsSync(join(data, 'atrium.pid'))).toBe(false);

    const second = await EmbeddedDatabase.open({ folder: data });
    const again = poolOver(second);
    expect(await valueOf(again, 'select body from note')).toBe('kept');
    await again.end();
    await second.close();
    await expect(poolOver(second).query('select 1')).rejects.toThrow('database is closed');
  });

  it('waits for a transaction in flight before it closes', async () => {
    const database = await EmbeddedDatabase.open({ folder: folder.path });
    const pool = poolOver(database);
    await pool.query('create table note (body text)');
    const client = await pool.connect();
    client.on('error', () => undefined);
    await client.query('begin');
    await client.query(`insert into note values ('in flight')`);
    const closed = database.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await client.query('commit');
    await closed;
    client.release(true);

    const second = await EmbeddedDatabase.open({ folder: folder.path });
    expect(await valueOf(poolOver(second), 'select body from note')).toBe('in flight');
    await second.close();
  });

  it('loses nothing confirmed when its process is killed in the middle of work', async () => {
    for (let round = 1, known = 0; round <= 2; round += 1) {
      const { child, lines } = run('write');
      expect((await lines.next()).value).toBe('open');
      // The second round meets the rows of the first: it is killed as soon as it is open.
      if (round === 1) {
        while (known < 200) known = Number((await lines.next()).value);
      }
      await kill(child);
      for (let line = await lines.next(); !line.done; line = await lines.next()) {
        if (/^\d+$/.test(line.value)) known = Math.max(known, Number(line.value));
      }
      const database = await EmbeddedDatabase.open({ folder: folder.path });
      const pool = poolOver(database);
      expect(await valueOf(pool, 'select max(number) from confirmed')).toBeGreaterThanOrEqual(
        known,
      );
      expect(await valueOf(pool, 'select count(*) = max(number) from confirmed')).toBe(true);
      await pool.end();
      await database.close();
    }
  });

  it('begins again after the very first start was killed half way', async () => {
    const half = join(folder.path, 'half');
    mkdirSync(join(half, 'pgdata'), { recursive: true });
    writeFileSync(join(half, 'pgdata', 'PG_VERSION'), '18\n');
    writeFileSync(join(half, 'pgdata.unfinished'), '');
    const database = await EmbeddedDatabase.open({ folder: half });
    expect(await valueOf(poolOver(database), 'select 1')).toBe(1);
    await database.close();
  });

  it('refuses a second process, and says which one has it', async () => {
    const { child, lines } = run('hold');
    expect((await lines.next()).value).toBe('open');
    const refusal = await EmbeddedDatabase.open({ folder: folder.path }).catch((error) => error);
    expect(refusal).toBeInstanceOf(FolderInUseError);
    expect(refusal.message).toBe(
      `The data folder ${folder.path} is in use by process ${child.pid}.`,
    );
    await kill(child);
    const database = await EmbeddedDatabase.open({ folder: folder.path });
    // The same process cannot open it twice either.
    await expect(EmbeddedDatabase.open({ folder: folder.path })).rejects.toThrow(
      `in use by process ${process.pid}`,
    );
    await database.close();
  });

  it('lets exactly one of several processes take over from a killed one', async () => {
    const { child, lines } = run('hold');
    await lines.next();
    await kill(child);
    const takers = [1, 2, 3].map(() => run('hold'));
    const said = await Promise.all(takers.map(async (taker) => (await taker.lines.next()).value));
    expect(said.filter((line) => line === 'open')).toHaveLength(1);
    expect(said.filter((line) => line.startsWith('FolderInUseError: '))).toHaveLength(2);
  });

  it('lets a command join while the application runs, and work alone when it does not', async () => {
    const database = await EmbeddedDatabase.open({ folder: folder.path });
    const pool = poolOver(database);
    await pool.query('create table note (body text)');
    const command = run('join');
    const client = await pool.connect();
    await client.query('begin');
    await client.query(`insert into note values ('of the application')`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await client.query('commit');
    client.release();
    expect((await command.lines.next()).value).toBe('done');
    expect((await pool.query('select body from note')).rows).toEqual([
      { body: 'of the application' },
      { body: 'from a command' },
    ]);
    await pool.end();
    await database.close();

    expect((await run('join').lines.next()).value).toBe('done');
    const access = await joinEmbedded(folder.path);
    expect(await valueOf(poolOver(access), 'select count(*)::int from note')).toBe(3);
    await access.close();
  });

  it('undoes the work of a command that is killed', async () => {
    const database = await EmbeddedDatabase.open({ folder: folder.path });
    const pool = poolOver(database);
    await pool.query('create table note (body text)');
    const access = await joinEmbedded(folder.path);
    const foreign = poolOver(access);
    const client = await foreign.connect();
    client.on('error', () => undefined);
    await client.query('begin');
    await client.query(`insert into note values ('half')`);
    const count = valueOf(pool, 'select count(*)::int from note');
    await access.close();
    expect(await count).toBe(0);
    client.release(true);
    await foreign.end();
    await pool.end();
    await database.close();
  });

  it('listens elsewhere when its own path is too long for a socket', async () => {
    const path = join(folder.path, 'long'.repeat(30));
    const database = await EmbeddedDatabase.open({ folder: path });
    const socket = readFileSync(join(path, 'atrium.sock.path'), 'utf8');
    expect(socketPath(path)).toBe(socket);
    const access = await joinEmbedded(path);
    expect(await valueOf(poolOver(access), 'select 1')).toBe(1);
    await access.close();
    await database.close();
    expect(existsSync(socket)).toBe(false);
  });

  it('begins in memory as a copy of another database, and leaves that one as it is', async () => {
    const copyOf = join(folder.path, 'original');
    const original = await EmbeddedDatabase.open({ folder: copyOf });
    await poolOver(original).query(`create table note as select 'of the original' as body`);
    await original.close();
    for (const body of ['of the first copy', 'of the second copy']) {
      const copy = await EmbeddedDatabase.open({ copyOf });
      const pool = poolOver(copy);
      expect(await valueOf(pool, 'select body from note')).toBe('of the original');
      await pool.query('update note set body = $1', [body]);
      expect(await valueOf(pool, 'select body from note')).toBe(body);
      await copy.close();
    }
  });
});
