import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import pg from 'pg';
import { eventually } from './waiting.js';

const NEEDED = ['initdb', 'postgres', 'pg_dump', 'pg_restore', 'psql'];

/** The folder of PostgreSQL's own programs; null where they are not installed. */
export function postgresPrograms(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian)
    ? readdirSync(debian)
        .map(Number)
        .sort((a, b) => b - a)
    : [];
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(debian, String(version), 'bin')),
  ];
  return folders.find((folder) => NEEDED.every((name) => existsSync(join(folder, name)))) ?? null;
}

export interface PrivateServer {
  /** For `user` and `database`, both by default the superuser's. */
  url(user?: string, database?: string): string;
  stop(): Promise<void>;
  /** As `pg_ctl restart -m fast`: open connections are ended, then it answers again. */
  restart(): Promise<void>;
  /** It is gone in the middle of what it did, and recovers from its log when it starts again. */
  crash(): Promise<void>;
  /** No process of it does anything until `thaw`, yet all connections stay open. */
  freeze(): Promise<void>;
  thaw(): void;
}

/** A PostgreSQL server nobody has used before, gone after `stop`. */
export async function privateServer(programs: string, port: number): Promise<PrivateServer> {
  const folder = mkdtempSync(join(tmpdir(), 'atrium-server-'));
  const user = unprivileged();
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid ?? user.uid);
  const data = join(folder, 'data');
  const init = ['--auth=trust', '--username=admin', '--no-sync', '--encoding=UTF8', '--locale=C'];
  const options = { ...user, cwd: folder, stdio: 'pipe' as const };
  execFileSync(join(programs, 'initdb'), [...init, `--pgdata=${data}`], options);
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
  ];
  const quick = ['fsync=off', 'full_page_writes=off', 'shared_buffers=32MB'];
  const spawned = () =>
    spawn(
      join(programs, 'postgres'),
      ['-D', data, ...[...settings, ...quick].flatMap((each) => ['-c', each])],
      { ...user, cwd: folder, stdio: 'ignore' },
    );
  let server = spawned();
  let frozen: number[] = [];
  const url = (name = 'admin', database = 'postgres') =>
    `postgres://${name}@127.0.0.1:${port}/${database}`;
  const end = async (signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT') => {
    const ended = once(server, 'close');
    server.kill(signal);
    await ended;
  };
  const startAgain = async () => {
    server = spawned();
    await eventually(() => answers(url()));
  };
  await eventually(() => answers(url()));
  return {
    url,
    stop: async () => {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
    restart: async () => {
      await end();
      await startAgain();
    },
    crash: async () => {
      await end('SIGQUIT');
      await startAgain();
    },
    freeze: async () => {
      // Its children are listed over a connection that is open before no more of them can be born.
      const client = new pg.Client({ connectionString: url() });
      await client.connect();
      server.kill('SIGSTOP');
      const { rows } = await client.query<{ pid: number }>(
        'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
      );
      // Not waited for: a server that stopped right after it accepted the connection may hold it open until `thaw`.
      void client.end();
      frozen = [...rows.map(({ pid }) => pid), server.pid!];
      frozen.forEach((pid) => signal(pid, 'SIGSTOP'));
    },
    thaw: () => frozen.splice(0).forEach((pid) => signal(pid, 'SIGCONT')),
  };
}

/** A connection that ended meanwhile has no process any more. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** PostgreSQL refuses to run as root: then it runs as its own user, or as nobody. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  try {
    const ask = (what: string) =>
      Number(execFileSync('id', [what, 'postgres'], { stdio: 'pipe' }).toString());
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    return { uid: 65_534, gid: 65_534 };
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
