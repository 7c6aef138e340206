import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { node, root } from '../../scripts/support/project.mjs';
import { ISSUER, SECRET } from './credentials.mjs';
import { BCRYPT_COST } from './figures.mjs';

/** The servers that do the same work on the same database. */
export const PROGRAMS = {
  raw: ['bench/raw/server.mjs'],
  textbook: ['dist/bench/textbook/main.js'],
  atrium: ['--enable-source-maps', 'dist/src/main.js'],
  // Atrium behind PgBouncer.
  pooled: ['--enable-source-maps', 'dist/src/main.js'],
};

/** Starts one and resolves once it answers. Each has ten connections, and logs to nowhere. */
export async function start(name, env) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(node, PROGRAMS[name], {
    cwd: root,
    // Written, as in production, but to no terminal.
    stdio: ['ignore', openSync('/dev/null', 'w'), 'inherit'],
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      // As the image starts it.
      NODE_OPTIONS: '--max-semi-space-size=24 --max-old-space-size=320',
      PORT: String(port),
      HOST: '127.0.0.1',
      APP_URL: ISSUER,
      APP_SECRET: SECRET,
      BCRYPT_COST: String(BCRYPT_COST),
      RATE_LIMIT_MULTIPLIER: '1000000',
      DATA_DIR: join(root, 'node_modules', '.cache', 'bench'),
      DATABASE_POOL_SIZE: '10',
      ROLE: 'web',
      ...env,
    },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  for (let tries = 0; ; tries++) {
    const isUp = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isUp) break;
    if (tries > 200 || child.exitCode !== null) throw new Error(`${name} did not start`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    name,
    url,
    pid: child.pid,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
