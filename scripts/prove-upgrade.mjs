/**
 * npm run prove:upgrade [-- --from <revision>] [-- --without-tests]: an adopter of an earlier revision (default: the
 * first that has brand/), with a brand, texts, a README and generated modules of their own, takes this one by `git merge`.
 * Prints the files that conflict, of which three are allowed, resolves them as docs/upgrading.md says, and runs types,
 * imports and the tests of the adopter's modules. Needs the history of the repository.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { node, root, seconds } from './support/project.mjs';

const MOST_CONFLICTS = 3;

/** Files that the adopter has made their own: theirs stay. */
const OWN = /^(README\.md|CHANGELOG\.md|package\.json|brand\/.*)$/;

/** Files that a command writes anew. */
const WRITTEN = new Set(['src/core/i18n/text-keys.ts']);

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16"/></svg>\n';

const MODULES = [
  ['quotes', 'number:number', 'subject:text!', 'due:date', 'status:choice(draft,sent)'],
  ['venues', 'name:text!:unique', 'seats:integer', 'owner:member', 'budget:money'],
];

const { values: asked } = parseArgs({
  options: { from: { type: 'string' }, 'without-tests': { type: 'boolean', default: false } },
});

const began = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'atrium-upgrade-'));
try {
  await upgrade();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function upgrade() {
  const from =
    asked.from ??
    git(root, 'log', '--diff-filter=A', '--format=%H', '--', 'brand/brand.json').split('\n').at(-1);
  if (!from)
    throw new Error('The history of brand/brand.json is not here: clone the whole repository.');
  const about = git(root, 'log', '-1', '--format=%h of %ad, "%s"', '--date=short', from);
  const later = git(root, 'rev-list', '--count', `${from}..HEAD`);
  console.log(`An adopter of ${about} takes the ${later} commits since.\n`);

  const head = git(root, 'rev-parse', 'HEAD');
  git(root, 'clone', '--quiet', '--no-checkout', root, folder);
  git(folder, 'config', 'user.name', 'Adopter');
  git(folder, 'config', 'user.email', 'adopter@example.test');
  git(folder, 'checkout', '--quiet', '-b', 'adopter', from);
  packages();
  adopt();
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--no-verify', '--message', 'Make it our product');

  const conflicts = merge(head);
  resolve(conflicts);
  if (conflicts.length > 0) git(folder, 'commit', '--quiet', '--no-edit', '--no-verify');
  git(folder, 'merge-base', '--is-ancestor', head, 'HEAD');
  if (asked['without-tests']) return;
  check('text keys', ['scripts/text-keys.mjs']);
  check('types', ['node_modules/typescript/bin/tsc', '--noEmit', '--pretty', 'false']);
  const cruise = 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs';
  check('imports', [
    cruise,
    '--config',
    '.dependency-cruiser.mjs',
    '-T',
    'err',
    'src',
    'migrations',
  ]);
  const tests = [...MODULES.map(([name]) => `test/${name}`), 'test/architecture', 'test/i18n'];
  check(`tests: ${tests.join(', ')}`, ['scripts/test.mjs', ...tests]);
  console.log(`\nThe adopter's product runs on this version. ${seconds(began)}`);
}

/** The packages of this version, each by itself: what a build remembers is the copy's own. */
function packages() {
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '.cache')
      symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
}

/** What an adopter changes: the brand, texts, files that speak of the product, and modules of their own. */
function adopt() {
  if (existsSync(join(folder, 'brand'))) brand();
  edit('README.md', () => '# Acme Desk\n\nThe desk of Acme.\n');
  edit('package.json', (text) => text.replace('"name": "atrium"', '"name": "acme-desk"'));
  if (!existsSync(join(folder, 'scripts/make'))) {
    console.log('That revision has no generator: no modules are made.');
    return;
  }
  for (const [name, ...fields] of MODULES) make('make:module', name, ...fields);
  make('make:field', 'quotes', 'paid_on:date');
  // Somebody has read the Dutch and French of the modules.
  write('test/i18n/review.json', '{}\n');
}

function brand() {
  const named = (text) => ({ ...JSON.parse(text), name: 'Acme Desk' });
  edit('brand/brand.json', (text) => `${JSON.stringify(named(text), null, 2)}\n`);
  edit('brand/logo.svg', () => LOGO);
  for (const language of ['en', 'nl', 'fr']) {
    write(`brand/i18n/${language}/home.json`, '{ "title": "Acme Desk" }\n');
  }
}

function make(command, name, ...fields) {
  check(`${command} ${name}`, ['scripts/atrium.mjs', command, name, ...fields, '--allow-dirty']);
}

/** @returns the paths that conflict. @throws Error where the merge fails for another reason */
function merge(head) {
  const { status, stdout, stderr } = spawnSync('git', ['merge', '--no-edit', '--no-verify', head], {
    cwd: folder,
    encoding: 'utf8',
  });
  const conflicts = git(folder, 'diff', '--name-only', '--diff-filter=U')
    .split('\n')
    .filter(Boolean);
  if (status !== 0 && conflicts.length === 0) {
    throw new Error(`git merge ended with ${status} and no conflicts: ${stderr || stdout}`);
  }
  const counted = conflicts.filter((path) => !WRITTEN.has(path));
  console.log(
    `\nFiles that conflict: ${counted.length} (at most ${MOST_CONFLICTS})${counted.map((path) => `\n  ${path}`).join('')}`,
  );
  if (counted.length > MOST_CONFLICTS) {
    console.log(stdout);
    process.exitCode = 1;
  }
  return conflicts;
}

/** Their own files stay theirs, and both sides of a list stay in it. */
function resolve(conflicts) {
  for (const path of conflicts) {
    if (WRITTEN.has(path)) git(folder, 'checkout', '--theirs', path);
    else if (OWN.test(path)) git(folder, 'checkout', '--ours', path);
    else edit(path, (text) => text.replace(/^(<{7}|={7}|>{7}).*\n/gm, ''));
    git(folder, 'add', path);
  }
}

function check(what, args) {
  const since = performance.now();
  const { status, stdout, stderr } = spawnSync(node, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '0' },
  });
  console.log(`${status === 0 ? '✓' : '✗'} ${what} (${seconds(since)})`);
  if (status === 0) return;
  console.log(`${stdout}${stderr}`);
  process.exitCode = 1;
}

function git(cwd, ...args) {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

function edit(path, change) {
  write(path, change(readFileSync(join(folder, path), 'utf8')));
}

function write(path, text) {
  const target = join(folder, path);
  if (!existsSync(dirname(target))) mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
