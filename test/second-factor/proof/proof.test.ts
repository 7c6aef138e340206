import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { startApp, type TestApp } from '../../support/app.js';
import { ENGINE } from '../../support/database.js';
import { proveNoRouteWorks } from './all-routes.js';
import { proveAtOnce, proveBounds, proveBurst, proveStepUp } from './at-once.js';
import { proveProofs, proveWaysIn, type Proof } from './matrix.js';
import { provePasskeyAnswers, provePasskeyStepUp } from './passkey-answers.js';
import { MUTATIONS } from './mutations.js';

/** `npm run prove:signin` names a folder for what was tried; otherwise nothing is written. */
const FOLDER = process.env.ATRIUM_PROOF_FOLDER;

function print(title: string, lines: readonly string[]): void {
  if (!FOLDER) return;
  const text = [`${title}, on the ${ENGINE} engine`, ...lines.map((line) => `  ${line}`), ''];
  appendFileSync(join(FOLDER, `${ENGINE}.txt`), `${text.join('\n')}\n`);
}

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

const PROOFS: [title: string, prove: (atrium: TestApp) => Promise<Proof>][] = [
  ['every way in has the same strength', proveWaysIn],
  ['a sign-in that waits opens with what the person has, and with nothing else', proveProofs],
  ['a passkey alone opens where its challenge was asked for, once', provePasskeyAnswers],
  ['a burst of codes is cut off', proveBurst],
  ['what is shown at once opens once', proveAtOnce],
  ['a sign-in that waits is bound to its browser and its password', proveBounds],
  ['no route works with a sign-in that waits', proveNoRouteWorks],
  ['what is sensitive asks for a recent proof', proveStepUp],
  ['a passkey confirms in its own session, through the API', provePasskeyStepUp],
];

test.each(PROOFS)('%s', async (title, prove) => {
  const { tried, problems } = await prove(atrium);
  print(title, [...tried, ...(problems.length > 0 ? problems : ['It holds.'])]);
  expect(problems).toEqual([]);
});

describe('the proof of sign-in fails when the application', () => {
  test.each(MUTATIONS)('$name', async ({ name, mutate, prove, finds }) => {
    const restore = mutate(atrium);
    try {
      const { problems } = await prove(atrium);
      const found = problems.filter((problem) => finds.test(problem));
      print(`Without a check: the application ${name}`, [found[0] ?? 'NOT found']);
      expect(problems).toContainEqual(expect.stringMatching(finds));
    } finally {
      restore();
    }
  });
});
