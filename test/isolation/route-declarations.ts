import { merged } from '../../src/core/features/registry.js';
import { sampled, type Typed } from '../support/samples.js';
import '../../src/features.js';

/**
 * How the proof fills in what the router cannot explain, as the samples of the features say. A route with
 * a parameter, or a form with an id, of which they say nothing fails the proof.
 */

/** By the path up to the parameter: what stands below it inherits it. */
export const PARAMETERS: Readonly<
  Record<string, { row: string } | { text: string; why: string } | undefined>
> = Object.fromEntries(
  Object.entries(sampled('parameters')).map(([path, declared]) => [
    path,
    'flag' in declared ? { text: flag(), why: declared.why } : declared,
  ]),
);

/** The name of some flag; any word where no feature declares one. */
export function flag(): string {
  return [...merged('flags').keys()][0] ?? 'none';
}

/** Routes that show everybody's rows on purpose, and why that is no leak. */
export const OPEN = sampled('open');

/** Paths without a controller: built files. */
export const FILES = ['/assets/{*any}'];

/** Form fields that hold the id of a row, by name: the table it is in. */
export const ID_FIELDS = sampled('idFields');

/** Forms that do several things: what is typed to have each of them done to the ids. */
export const ACTS = sampled('acts');

/** Routes that find rows by what is typed: the parameter, by their path. */
export const QUERIES = sampled('queries');

/** Fields with the same meaning everywhere. */
const TYPED_ANYWHERE: Typed = {
  email: 'stranger@isolation.test',
  password: 'paper lantern orbit',
  version: '1',
  theme: 'night',
  language: 'en',
  country: 'BE',
  timezone: 'Europe/Brussels',
  organization: 'Taken over',
};

const TYPED = sampled('typed');

/** The values for the fields of a route; a deeper path takes precedence. */
export function typedFor(path: string): Typed {
  const above = Object.keys(TYPED).filter((each) => `${path}/`.startsWith(`${each}/`));
  const deepestLast = above.sort((a, b) => a.length - b.length);
  return Object.assign({}, TYPED_ANYWHERE, ...deepestLast.map((each) => TYPED[each])) as Typed;
}
