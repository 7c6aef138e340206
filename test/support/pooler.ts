// Run by tests and, with its types stripped, by scripts/test-pooler.mjs: it imports no module of the project.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import pg from 'pg';

/** The first version that knows prepared statements. */
const OLDEST = [1, 21] as const;

export interface Program {
  path: string;
  version: string;
}

/** PgBouncer at PGBOUNCER_PATH, or else on PATH; a sentence where there is none that can be used. */
export function findPgBouncer(): Program | string {
  const { PATH = '', PGBOUNCER_PATH: given } = process.env;
  // Debian's place for it is not on the PATH of everybody.
  const folders = [...PATH.split(delimiter), '/usr/sbin'];
  const path = given ?? folders.map((folder) => join(folder, 'pgbouncer')).find(isExecutable);
  if (!path || !isExecutable(path))
    return 'No PgBouncer was found: install it, or set PGBOUNCER_PATH.';
  const said = execFileSync(path, ['--version'], { encoding: 'utf8' });
  const [, version = '?', major, minor] = /^PgBouncer ((\d+)\.(\d+)\S*)/.exec(said) ?? [];
  if (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]) {
    return `PgBouncer ${version} knows no prepared statements: ${OLDEST.join('.')} or newer is needed (PGBOUNCER_PATH).`;
  }
  return { path, version };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Pooler {
  /** Host and port. */
  host: string;
  pid: number;
  /** Transactions that went through it, and connections to the server it has now. */
  figures(): Promise<{ transactions: number; connections: number }>;
  stop(): Promise<void>;
}

/**
 * PgBouncer in transaction mode in front of every database of the server at `url`. Transactions take turns at all
 * connections of a pool, so that none meets the session it has left.
 */
export async function startPooler({ path }: Program, url: URL, size = 20): Promise<Pooler> {
  const folder = mkdtempSync(join(tmpdir(), 'atrium-pooler-'));
  const port = await freePort();
  const login = decodeURIComponent(url.username || 'postgres');
  const password = decodeURIComponent(url.password);
  const files: Record<string, string> = {
    'users.txt': `"${login}" "${password}"\n`,
    'pgbouncer.ini': [
      '[databases]',
      `* = host=${url.hostname} port=${url.port || 5432}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      // Other logins are looked up on the server.
      `auth_type = ${password ? 'scram-sha-256' : 'trust'}`,
      `auth_file = ${join(folder, 'users.txt')}`,
      `auth_user = ${login}`,
      `stats_users = ${login}`,
      'pool_mode = transaction',
      'max_prepared_statements = 1000',
      `default_pool_size = ${size}`,
      'max_client_conn = 2000',
      'server_round_robin = 1',
      'server_idle_timeout = 5',
      'log_connections = 0',
      'log_disconnections = 0',
    ].join('\n'),
  };
  const user = unprivileged();
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    if (user.uid !== undefined) chownSync(join(folder, name), user.uid, user.gid!);
  }
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid!);
  const running = spawn(path, [join(folder, 'pgbouncer.ini')], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
  });
  const stop = async () => {
    if (running.exitCode === null) {
      const ended = once(running, 'close');
      // At once: clients are gone, or their tests failed.
      running.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const ask = async (database: string, text: string) => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: login, password, database });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Record<string, string>>(text)).rows;
    } finally {
      await client.end();
    }
  };
  try {
    for (let tries = 1; ; tries++) {
      if (running.exitCode !== null) throw new Error('PgBouncer has ended');
      const isUp = await ask(url.pathname.slice(1) || 'postgres', 'SELECT 1').catch(
        (error: Error) => {
          if (tries > 100) throw error;
        },
      );
      if (isUp) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    host: `127.0.0.1:${port}`,
    pid: running.pid!,
    figures: async () => {
      const stats = await ask('pgbouncer', 'SHOW STATS_TOTALS');
      const servers = await ask('pgbouncer', 'SHOW SERVERS');
      const transactions = stats.reduce((sum, row) => sum + Number(row.server_assignment_count), 0);
      return { transactions, connections: servers.length };
    },
    stop,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** PgBouncer refuses to run as root. */
function unprivileged(): { uid?: number; gid?: number } {
  return process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
}
