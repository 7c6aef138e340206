/**
 * npm run hooks: a pre-commit hook that looks at the staged files only, in about a second. For one hook of
 * two commands this is less than lefthook: ten packages, each a program for one platform, and an install
 * script that writes hooks without being asked.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from './support/project.mjs';

const mark = '# Installed by Atrium (npm run hooks)';
const hook = `#!/bin/sh
${mark}. "git commit --no-verify" goes past it.
cd "$(git rev-parse --show-toplevel)" || exit 1
[ -f scripts/pre-commit.mjs ] || exit 0
PATH="$PWD/node_modules/.bin:$PATH" exec node scripts/pre-commit.mjs
`;

// One folder for all worktrees, or the one of core.hooksPath: git knows which.
const folder = resolve(root, git('rev-parse', '--git-path', 'hooks'));
const path = join(folder, 'pre-commit');

if (existsSync(path) && !readFileSync(path, 'utf8').includes(mark)) {
  console.error(`There is a pre-commit hook already, and it is not ours: ${path}`);
  console.error(
    'It was left as it is. To use both, call this from it: node scripts/pre-commit.mjs',
  );
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
writeFileSync(path, hook);
chmodSync(path, 0o755);
console.log('The pre-commit hook is installed: format and lint of the staged files.');

function git(...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}
