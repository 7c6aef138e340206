/**
 * npm run prove:signin: tries every way in, with and without a second factor, many at once, and all routes with
 * a sign-in that waits; then takes out one check after another, which has to be found. Prints the matrix, on
 * each engine.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode } from './support/project.mjs';

const folder = mkdtempSync(join(tmpdir(), 'atrium-proof-'));
const { code, output } = await runNode(
  ['scripts/test.mjs', 'test/second-factor/proof', '--runInBand'],
  { env: { ATRIUM_PROOF_FOLDER: folder } },
);
for (const name of readdirSync(folder).sort()) {
  console.log(`\n${readFileSync(join(folder, name), 'utf8').trimEnd()}`);
}
rmSync(folder, { recursive: true, force: true });

// The mutations are part of it: a proof that cannot fail proves nothing.
if (code !== 0) console.log(output);
else console.log(`\n${output.trimEnd().split('\n').slice(-3).join('\n')}`);
process.exitCode = code;
