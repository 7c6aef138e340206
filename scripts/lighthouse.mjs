/**
 * npm run lighthouse: measures the first pages people see, as a phone and as a desktop, and fails below 95.
 * Lighthouse is no dependency of the project: `npm install -g lighthouse` puts it where this finds it, or
 * LIGHTHOUSE names its program. Needs a Chromium (CHROMIUM_PATH).
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDemo } from './support/demo.mjs';
import { runNode } from './support/project.mjs';
import './support/typescript.mjs';

const { chromiumFlags, chromiumPath } = await import('../test/browser/chromium.ts');

const LEAST = 95;
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];
const PAGES = [
  ['/', 'anyone'],
  ['/login/', 'anyone'],
  ['/dashboard/', 'admin'],
];
const program = process.env.LIGHTHOUSE ?? 'lighthouse';

if (spawnSync(program, ['--version']).error) {
  console.error('Lighthouse is not installed: npm install -g lighthouse, or set LIGHTHOUSE.');
  process.exit(1);
}
const built = await runNode(['scripts/build.mjs', '--if-changed'], { inherit: true });
if (built.code !== 0) process.exit(built.code);

const folder = mkdtempSync(join(tmpdir(), 'atrium-lighthouse-'));
const demo = await startDemo();
for (const [path, who] of PAGES) {
  for (const device of ['mobile', 'desktop']) {
    const { scores, lacking } = await measure(path, who, device);
    const isEnough = Object.values(scores).every((score) => score >= LEAST);
    const figures = CATEGORIES.map((name) => `${name} ${scores[name]}`).join(', ');
    console.log(`${isEnough ? '✓' : '✗'} ${path.padEnd(12)} ${device.padEnd(8)} ${figures}`);
    if (lacking.length > 0) console.log(`    ${lacking.join('\n    ')}`);
    if (!isEnough) process.exitCode = 1;
  }
}
await demo.stop();
rmSync(folder, { recursive: true });

/** Beside the application, which has to answer meanwhile. */
async function measure(path, who, device) {
  const headers = join(folder, 'headers.json');
  const session = demo.sessions[who];
  writeFileSync(headers, JSON.stringify(session ? { Cookie: `atrium_session=${session}` } : {}));
  const output = join(folder, 'report.json');
  const code = await run(program, [
    demo.home + path,
    '--quiet',
    '--output=json',
    `--output-path=${output}`,
    `--only-categories=${CATEGORIES.join()}`,
    `--extra-headers=${headers}`,
    `--chrome-flags=--headless=new ${chromiumFlags.join(' ')}`,
    ...(device === 'desktop' ? ['--preset=desktop'] : []),
  ]);
  if (code !== 0) throw new Error(`Lighthouse ended with ${code}`);
  const { categories, audits, finalDisplayedUrl } = JSON.parse(readFileSync(output, 'utf8'));
  if (finalDisplayedUrl !== demo.home + path) throw new Error(`${path} led elsewhere`);
  const scores = Object.fromEntries(
    CATEGORIES.map((name) => [name, Math.round(categories[name].score * 100)]),
  );
  const lacking = CATEGORIES.flatMap((name) => categories[name].auditRefs)
    .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 0.9)
    .map(({ id }) => `${audits[id].title} ${audits[id].displayValue ?? ''}`.trim());
  return { scores, lacking };
}

function run(command, args) {
  return new Promise((done) => {
    const env = { ...process.env, CHROME_PATH: chromiumPath };
    spawn(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] }).on('close', done);
  });
}
