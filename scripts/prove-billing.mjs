/**
 * npm run prove:billing: tries what payment providers, people and clocks do to billing, in every order, cut off
 * at every step and at once; then prints what was tried and what came of it, on each engine.
 * ATRIUM_PROOF_SECONDS says how long orders are tried (60), ATRIUM_PROOF_SEED which ones.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode } from './support/project.mjs';

const folder = mkdtempSync(join(tmpdir(), 'atrium-proof-'));
// One file after another: what is measured has the machine to itself.
const { code, output } = await runNode(['scripts/test.mjs', 'test/billing/proof', '--runInBand'], {
  env: { ATRIUM_PROOF_FOLDER: folder },
});
for (const name of readdirSync(folder).sort()) {
  console.log(`\n${readFileSync(join(folder, name), 'utf8').trimEnd()}`);
}
rmSync(folder, { recursive: true, force: true });

// The mutations are part of it: a proof that cannot fail proves nothing.
if (code !== 0) console.log(output);
else console.log(`\n${output.trimEnd().split('\n').slice(-3).join('\n')}`);
process.exitCode = code;
