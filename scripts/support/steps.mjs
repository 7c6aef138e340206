import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bin, root, runNode } from './project.mjs';
import { fingerprint, inventory, readStamp, writeStamp } from './fingerprint.mjs';
import { compileFolder, compileProblem } from './compile.mjs';

const configuration = ['package.json', 'package-lock.json'];

const assetInputs = [
  ...configuration,
  'assets',
  'brand',
  'views',
  'src',
  'scripts/build-assets.mjs',
  'scripts/support/brand.mjs',
];

const codeInputs = [
  ...configuration,
  'src',
  'migrations',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
  '.swcrc',
];

/** Stylesheets and client scripts, into public/. Resolves with undefined or the output of a failure. */
export async function buildAssets({ minified = true } = {}) {
  const inputs = fingerprint(assetInputs);
  writeStamp('assets', '');
  const flags = minified ? [] : ['--dev'];
  const { code, output } = await runNode(['scripts/build-assets.mjs', ...flags]);
  if (code !== 0) return output || `scripts/build-assets.mjs ended with ${code}`;
  if (minified) writeStamp('assets', `${inputs} ${inventory('public')}`);
}

export function assetsAreCurrent() {
  return readStamp('assets') === `${fingerprint(assetInputs)} ${inventory('public')}`;
}

/** Type check and compilation, into dist/. Resolves with undefined or the output of a failure. */
export async function buildCode() {
  const inputs = fingerprint(codeInputs);
  const { code, output } = await runNode([bin('@nestjs/cli', 'nest'), 'build']);
  if (code !== 0) return output || `nest build ended with ${code}`;
  if (existsSync(join(root, 'migrations'))) await compileFolder('migrations');
  writeStamp('code', `${inputs} checked ${inventory('dist')}`);
}

/** Compilation only, in under a second: for tests that start the application as a process. */
export async function compileCode() {
  const inputs = fingerprint(codeInputs);
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  for (const folder of ['src', 'migrations']) {
    if (existsSync(join(root, folder))) await compileFolder(folder);
  }
  writeStamp('code', `${inputs} compiled ${inventory('dist')}`);
}

/** Whether dist/ is what the sources say; `checked` asks for types that were checked too. */
export function codeIsCurrent({ checked }) {
  const [inputs, how, output] = readStamp('code').split(' ');
  if (inputs !== fingerprint(codeInputs) || output !== inventory('dist')) return false;
  return how === 'checked' || !checked;
}

export function forgetCode() {
  writeStamp('code', '');
}

/**
 * What the tests need of a build: the compiled code, which they prepare a database with and start as a
 * process, and the manifest of the stylesheets. Resolves with undefined or the output of a failure.
 */
export async function prepareForTests() {
  try {
    if (!codeIsCurrent({ checked: false })) await compileCode();
  } catch (error) {
    return compileProblem(error);
  }
  return assetsAreCurrent() ? undefined : buildAssets();
}
