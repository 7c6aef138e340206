import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Makes the database all test files copy: `template.mjs`. */
export default function setUp() {
  const program = join(import.meta.dirname, 'template.mjs');
  const name = execFileSync(process.execPath, [program], {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'test' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const isServer = process.env.ATRIUM_TEST_ENGINE === 'server';
  process.env[isServer ? 'ATRIUM_TEST_TEMPLATE' : 'ATRIUM_TEST_SNAPSHOT'] = name;
}
