import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectPath } from '../../src/core/config/project-path.js';
import { startApp, type TestApp } from '../support/app.js';

const run = promisify(execFile);
const JOURNEY = projectPath('test/api/client/journey.mts');
const STRICT =
  '--ignoreConfig --noEmitOnError --strict --noUncheckedIndexedAccess --exactOptionalPropertyTypes --skipLibCheck --target es2024 --module nodenext --types node';

let atrium: TestApp;
let address: string;
beforeAll(async () => {
  atrium = await startApp();
  address = `http://127.0.0.1:${(atrium.server.address() as AddressInfo).port}`;
});
afterAll(() => atrium.stop());

/** The journey, compiled against the types of this very document; once for each. */
async function compiledJourney(document: string): Promise<string> {
  const hash = createHash('sha256').update(document).update(readFileSync(JOURNEY)).digest('hex');
  const folder = projectPath(`node_modules/.cache/atrium-client/${hash.slice(0, 16)}`);
  const journey = join(folder, 'journey.mjs');
  if (existsSync(journey)) return journey;
  mkdirSync(folder, { recursive: true });
  copyFileSync(JOURNEY, join(folder, 'journey.mts'));
  writeFileSync(join(folder, 'openapi.json'), document);
  const node = (file: string, ...args: string[]) =>
    run(process.execPath, [projectPath(`node_modules/${file}`), ...args], { cwd: folder });
  await node('openapi-typescript/bin/cli.js', 'openapi.json', '-o', 'schema.d.ts');
  await node('typescript/bin/tsc', ...STRICT.split(' '), 'journey.mts').catch(
    ({ stdout }: { stdout: string }) => {
      throw new Error(`The generated client does not compile:\n${stdout}`);
    },
  );
  return journey;
}

test('the client generated from the document compiles and completes the first journey', async () => {
  const { text } = await atrium.api().get('/api/openapi.json');
  const journey = await compiledJourney(text);
  const { stdout } = await run(process.execPath, [journey, address], { timeout: 20_000 });
  expect(stdout).toBe('done\n');
}, 90_000);

const hasCurl = spawnSync('curl', ['--version']).status === 0;

(hasCurl ? test : test.skip)(
  'so does curl, as the README shows it',
  async () => {
    const readme = readFileSync(projectPath('README.md'), 'utf8');
    const block = /```sh\n((?:(?!```)[^])*\/auth\/register[^]*?)```/.exec(readme)?.[1] ?? '';
    const { stdout } = await run('sh', ['-eu', '-c', block], {
      env: { PATH: process.env.PATH, HOST: address },
      timeout: 20_000,
    });
    expect(stdout).toContain('"organization":"Acme"');
    expect(stdout).toContain('"is_active":false');
    expect(stdout.trim().split('\n').at(-1)).toBe('401');
  },
  30_000,
);
