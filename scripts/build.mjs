/**
 * npm run build: types checked, code compiled into dist/, styles and client scripts into public/.
 * With --if-changed nothing happens when both are what the sources say already.
 */
import { seconds } from './support/project.mjs';
import { assetsAreCurrent, buildAssets, buildCode, codeIsCurrent } from './support/steps.mjs';

const started = performance.now();
const ifChanged = process.argv.includes('--if-changed');

const steps = [];
if (!ifChanged || !codeIsCurrent({ checked: true })) steps.push(buildCode);
if (!ifChanged || !assetsAreCurrent()) steps.push(buildAssets);

if (steps.length > 0) {
  console.log('Building Atrium …');
  const failures = (await Promise.all(steps.map((step) => step()))).filter(Boolean);
  for (const failure of failures) console.error(`\n${failure}`);
  if (failures.length > 0) {
    console.error(`\nThe build failed after ${seconds(started)}.`);
    process.exitCode = 1;
  } else {
    console.log(`Built in ${seconds(started)}.`);
  }
}
