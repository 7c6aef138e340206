import { startApp, type TestApp } from '../../support/app.js';
import { ENGINE } from '../../support/database.js';
import { proveAtOnce } from './at-once.js';
import { proveDisorder, type Payloads } from './disorder.js';
import { dropTheLock, ignoreFetchedAt, skipTheDedupe, trustThePayload } from './mutations.js';
import { printMutation, type Proof } from './print.js';
import { proveRefusals } from './refused.js';

interface Mutation {
  name: string;
  mutate: (atrium: TestApp, payloads: Payloads) => unknown;
  /** What has to find it, and in what words. */
  prove: (atrium: TestApp, payloads: Payloads) => Promise<Proof>;
  finds: RegExp;
}

const disorder: Mutation['prove'] = (atrium, payloads) =>
  proveDisorder(atrium, { seconds: 1, payloads });

const MUTATIONS: Mutation[] = [
  {
    ...{ name: 'skips the dedupe', mutate: skipTheDedupe },
    ...{ prove: disorder, finds: /were taken twice/ },
  },
  {
    ...{ name: 'skips the dedupe of what is replayed', mutate: skipTheDedupe },
    ...{ prove: proveRefusals, finds: /sent for the 2th time: changed something/ },
  },
  {
    ...{ name: 'trusts the payload', mutate: trustThePayload },
    ...{ prove: disorder, finds: /^notifications [\d ]+: ended/ },
  },
  {
    ...{ name: 'ignores when an answer was fetched', mutate: ignoreFetchedAt },
    ...{ prove: disorder, finds: /^answers [\d ]+: ended/ },
  },
  {
    ...{ name: 'drops the lock', mutate: dropTheLock },
    ...{ prove: proveAtOnce, finds: /audited \d+ times/ },
  },
];

/** The embedded engine does one transaction after another: without the lock nothing happens there. */
const isPossible = ({ mutate }: Mutation) => ENGINE === 'server' || mutate !== dropTheLock;

describe('the proof of billing fails when the application', () => {
  test.each(MUTATIONS.filter(isPossible))('$name', async ({ name, mutate, prove, finds }) => {
    const atrium = await startApp({ BILLING_PROVIDER: 'sandbox', ROLE: 'web' });
    try {
      const payloads: Payloads = new Map();
      await mutate(atrium, payloads);
      const { problems } = await prove(atrium, payloads);
      printMutation(
        name,
        problems.filter((problem) => finds.test(problem)),
      );
      expect(problems).toContainEqual(expect.stringMatching(finds));
    } finally {
      await atrium.stop();
    }
  });
});
