import { startApp, type TestApp } from '../../support/app.js';
import { proveAtOnce } from './at-once.js';
import { proveClockStory } from './clock-story.js';
import { proveCuts } from './cuts.js';
import { proveDisorder } from './disorder.js';
import { proveFlood } from './flood.js';
import { proveSeats } from './joins-and-leaves.js';
import { IS_WHOLE, print, type Proof } from './print.js';
import { proveRefusals } from './refused.js';
import { proveStrangers } from './strangers.js';
import { proveTwoCheckouts } from './two-checkouts.js';

type Named = [letter: string, title: string, prove: (atrium: TestApp) => Promise<Proof>];

/** By itself or by hand: whether the worker is at work, or the proof says what is dealt with, and when. */
const BY_ITSELF: Named[] = [
  ['c', 'what may be done follows the clock from the trial to the plan Free', proveClockStory],
  ['d', 'of two subscriptions that are paid at once one is kept', proveTwoCheckouts],
  ['e', 'seats end equal to the members', proveSeats],
];
const BY_HAND: Named[] = [
  ['a', 'seven events end the same in every order', proveDisorder],
  ['b', 'whoever is killed between two steps loses and doubles nothing', proveCuts],
  ['f', 'what is bad, stale, foreign or replayed changes nothing', proveRefusals],
  ['g', 'what is told about one organisation never touches another', proveStrangers],
  ['i', 'many who deal with a customer at once do it once', proveAtOnce],
];
// It measures, too: nothing that a machine with other work could do.
const FLOOD: Named = [
  'h',
  'of 10,000 notifications none is lost and none is there twice',
  proveFlood,
];

describe.each([
  ['all', BY_ITSELF],
  ['web', IS_WHOLE ? [...BY_HAND, FLOOD] : BY_HAND],
])('in the role %s', (ROLE, proofs) => {
  let atrium: TestApp;
  beforeAll(async () => {
    atrium = await startApp({ BILLING_PROVIDER: 'sandbox', ROLE });
  });
  afterAll(() => atrium.stop());

  test.each(proofs)(
    '(%s) %s',
    async (letter, title, prove) => {
      const proof = await prove(atrium);
      print(letter, `(${letter}) ${title}`, proof);
      expect(proof.problems).toEqual([]);
    },
    1_200_000,
  );
});
