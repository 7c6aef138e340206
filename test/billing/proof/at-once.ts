import type { TestApp } from '../../support/app.js';
import { Organisation } from '../organisation.js';
import { Books } from './books.js';
import { IS_WHOLE, type Proof } from './print.js';

const [ROUNDS, AT_ONCE] = [IS_WHOLE ? 10 : 2, 20];

/** However many deal with a customer at once, what follows from it follows once. */
export async function proveAtOnce(atrium: TestApp): Promise<Proof> {
  const org = await Organisation.make(atrium, 'AtOnce');
  const books = new Books(org);
  await org.subscribe('good', { plan: 'business', interval: 'month' });
  await books.sync();
  const wanted = await books.known();
  const problems: string[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    await books.forget();
    const before = await books.told();
    await Promise.all(Array.from({ length: AT_ONCE }, () => books.sync()));
    const told = (await books.told()) - before;
    if (told !== 1) problems.push(`round ${round}: audited ${told} times`);
    if (!(await books.holds(wanted))) problems.push(`round ${round}: ended in another state`);
  }
  return { tried: [`${ROUNDS} times ${AT_ONCE} at once: audited once each`], problems };
}
