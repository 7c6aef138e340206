/**
 * npm run prove:isolation: tries every table, operation, role and scope, and every route with the ids of
 * another organisation; then prints what was checked and what came of it, on each engine.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode } from './support/project.mjs';

const folder = mkdtempSync(join(tmpdir(), 'atrium-proof-'));
const { code, output } = await runNode(['scripts/test.mjs', 'test/isolation'], {
  env: { ATRIUM_PROOF_FOLDER: folder },
});
for (const name of readdirSync(folder).sort()) {
  console.log(`\n${readFileSync(join(folder, name), 'utf8')}`);
}
rmSync(folder, { recursive: true, force: true });

// The mutations are part of it: a proof that cannot fail proves nothing.
if (code !== 0) console.log(output);
else console.log(output.split('\n').slice(-3).join('\n'));
process.exitCode = code;
