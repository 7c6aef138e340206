import type { ListOrder } from '../../database/keyset.js';
import { UUID } from '../../utils/uuid.js';
import type { ListedEntity } from '../listed-entity.js';
import { lengthOfPart, SHORTEST_PART, sourcesOf, termOf, type Source } from './found-by.js';

/** What is looked for in a list. */
export interface Sought {
  list: ListedEntity;
  q: string;
  order: ListOrder;
  /** SQL conditions on `r` of the filter. */
  conditions: readonly string[];
  /** Adds a value of the statement, and gives its parameter. */
  given: (value: unknown) => string;
  /** SQL condition without which nothing is looked up. */
  when?: string;
  /** How many rows are looked up at most. */
  most: number;
}

/** SQL by which rows are looked up in indexes, and the same as a condition. */
export interface LookedUp {
  /** CTEs: of the term, and last `found (id, sort_key)`, each of `most` + 1 rows at most. */
  ctes: string[];
  /** Condition on `r`, for a walk through the list. Needs the CTE `term`. */
  matches: string;
  /** Conditions that are true where more was there than is looked up. */
  cut: string[];
}

/** How a list finds what was typed. */
export function waysOf(list: ListedEntity, q: string): 'lookup' | 'id' | 'beginning' {
  const { foundBy, foundByIds } = list.declared;
  if (UUID.test(q)) return foundByIds.length > 0 ? 'lookup' : 'id';
  const isPart = foundBy.length > 0 && lengthOfPart(q) >= SHORTEST_PART;
  return isPart ? 'lookup' : 'beginning';
}

export function lookUp(sought: Sought): LookedUp {
  const { list, order, conditions, most } = sought;
  const { term, sources } = UUID.test(sought.q) ? byId(sought) : byPart(sought);
  const id = `r.${list.id.name}`;
  const selects = sources.map(
    ({ from, where }) => `(SELECT ${id} AS id, ${order.key} AS sort_key FROM ${from}
      WHERE ${[where, ...conditions].join(' AND ')} LIMIT ${most + 1})`,
  );
  const others = sources.flatMap((source) => source.with ?? []);
  return {
    ctes: [
      term,
      ...others.map(({ name, text }) => `${name} AS MATERIALIZED (${text})`),
      `found AS MATERIALIZED (${selects.join(' UNION ')})`,
    ],
    matches: `(${sources.map(({ matches }) => matches).join(' OR ')})`,
    cut: ['found', ...others.map(({ name }) => name)].map(
      (name) => `(SELECT count(*) FROM ${name}) > ${most}`,
    ),
  };
}

function byPart({ list, q, given, when = 'true', most }: Sought) {
  const sources = list.declared.foundBy.flatMap((by, index) =>
    sourcesOf(list.table, by, { index, when, most }),
  );
  return { term: termOf(given(list.inSpelling(q))), sources };
}

function byId({ list, q, given, when = 'true' }: Sought) {
  const id = given(q.toLowerCase());
  const columns = [list.id, ...list.foundByIds];
  const sources = columns.map(({ name, type }): Source => {
    const matches = `r.${name} = ${id}::${type === 'uuid' ? 'uuid' : 'text'}`;
    return { from: `${list.table} r`, where: `${when} AND ${matches}`, matches };
  });
  return { term: termOf(given(null)), sources };
}
