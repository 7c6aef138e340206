import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode } from './project.mjs';

/**
 * Runs the tests of a proof, then prints what they say they tried (files in ATRIUM_PROOF_FOLDER); where one
 * failed, all of their output. The mutations are part of it: a proof that cannot fail proves nothing.
 */
export async function prove(tests, ...jestArguments) {
  const folder = mkdtempSync(join(tmpdir(), 'atrium-proof-'));
  const { code, output } = await runNode(['scripts/test.mjs', tests, ...jestArguments], {
    env: { ATRIUM_PROOF_FOLDER: folder },
  });
  for (const name of readdirSync(folder).sort()) {
    console.log(`\n${readFileSync(join(folder, name), 'utf8').trimEnd()}`);
  }
  rmSync(folder, { recursive: true, force: true });
  console.log(code === 0 ? `\n${output.trimEnd().split('\n').slice(-3).join('\n')}` : output);
  process.exitCode = code;
}
