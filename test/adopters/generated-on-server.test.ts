import { leftOrGenerated, testGenerated } from './generated-copy.js';
import type { Scratch } from './scratch.js';

let copy: Scratch;
beforeAll(async () => void (copy = await leftOrGenerated()), 300_000);
afterAll(() => copy.end());

test('what was generated does what its tests say on a server too', async () => {
  const started = performance.now();
  await testGenerated(copy);
  const seconds = (performance.now() - started) / 1000;
  console.log(`The tests of three modules on a server: ${seconds.toFixed(0)} s`);
}, 300_000);
