import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENGINE } from '../../support/database.js';

/** What was tried, in a line or more, and what was found that must not be. */
export interface Proof {
  tried: string[];
  problems: string[];
}

/** `npm run prove:billing` names a folder for what was tried; otherwise nothing is written. */
const FOLDER = process.env.ATRIUM_PROOF_FOLDER;

/** Whether everything is tried, as the command does, or as much as a test has time for. */
export const IS_WHOLE = FOLDER !== undefined;

/** Which of the orders are tried where there is no time for all. */
export const SEED = Number(process.env.ATRIUM_PROOF_SEED ?? 20261127);

/** How long orders are tried, in seconds. */
export const SECONDS = Number(process.env.ATRIUM_PROOF_SECONDS ?? (IS_WHOLE ? 60 : 3));

const MOST = 10;

export function print(name: string, title: string, { tried, problems }: Proof): void {
  if (!FOLDER) return;
  const found = problems.slice(0, MOST).map((problem) => `  ${problem}`);
  const more = problems.length > MOST ? [`  and ${problems.length - MOST} more`] : [];
  const verdict = problems.length === 0 ? ['It holds.'] : ['It does NOT hold:', ...found, ...more];
  const lines = [`${title}, on the ${ENGINE} engine`, ...tried, ...verdict, ''];
  writeFileSync(join(FOLDER, `${ENGINE}-${name}.txt`), lines.join('\n'));
}

/** One line for each mutation, and what gave it away. */
export function printMutation(name: string, found: string[]): void {
  if (!FOLDER) return;
  const file = join(FOLDER, `${ENGINE}-mutations.txt`);
  const title = `Mutations, on the ${ENGINE} engine: each has to be found\n`;
  if (!existsSync(file)) writeFileSync(file, title);
  const verdict = found.length > 0 ? `found ${found.length} times: ${found[0]}` : 'NOT found';
  appendFileSync(file, `the application ${name}: ${verdict}\n`);
}
