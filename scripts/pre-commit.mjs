/** The pre-commit hook: format and fast lint of the staged files. */
import { execFileSync } from 'node:child_process';
import { bin, root, runNode } from './support/project.mjs';

const staged = lines('diff', '--cached', '--name-only', '--diff-filter=ACMR', '-z');
const scripts = staged.filter((file) => /\.([cm]?js|ts)$/.test(file));

const runs = [];
if (staged.length > 0) {
  runs.push(
    runNode([bin('prettier'), '--check', '--ignore-unknown', '--log-level', 'warn', ...staged]),
  );
}
if (scripts.length > 0) {
  runs.push(runNode([bin('oxlint'), '--deny-warnings', '--quiet', ...scripts]));
}

const failures = (await Promise.all(runs)).filter(({ code }) => code !== 0);
for (const { output } of failures) console.error(output);
if (failures.length > 0) {
  console.error('\nNot committed. "npm run format" puts the format right.');
  process.exitCode = 1;
}

function lines(...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
}
