import type { ListOrder } from '../../database/keyset.js';
import { UUID } from '../../utils/uuid.js';
import type { ListedEntity } from '../listed-entity.js';
import {
  lengthOfPart,
  limitOf,
  SHORTEST_PART,
  sourcesOf,
  termOf,
  type Cte,
  type LookingUp,
  type Source,
} from './found-by.js';

/** What is looked for in a list. */
export interface Sought {
  list: ListedEntity;
  q: string;
  order: ListOrder;
  /** SQL conditions on `r` of the filter. */
  conditions: readonly string[];
  /** Adds a value of the statement, and gives its parameter. */
  given: (value: unknown) => string;
}

/** SQL by which rows are looked up in indexes. */
export interface LookedUp {
  /** Those of the sources, and last `found (id, sort_key)`, whose name has the prefix. */
  ctes: string[];
  /** Condition that is true where more was there than was looked up. */
  isCut: string;
}

/** What is looked for, as SQL. */
export interface Looked {
  /** The CTE `term`, which everything else reads. */
  term: string;
  /** Condition on `r`, for a walk through the list. */
  matches: string;
  lookUp(how: LookingUp): LookedUp;
}

/** How a list finds what was typed. */
export function waysOf(list: ListedEntity, q: string): 'lookup' | 'id' | 'beginning' {
  const { foundBy, foundByIds } = list.declared;
  if (UUID.test(q)) return foundByIds.length > 0 ? 'lookup' : 'id';
  const isPart = foundBy.length > 0 && lengthOfPart(q) >= SHORTEST_PART;
  return isPart ? 'lookup' : 'beginning';
}

export function lookFor(sought: Sought): Looked {
  const { term, sourcesBy } = UUID.test(sought.q) ? byId(sought) : byPart(sought);
  const matches = sourcesBy({ prefix: '', when: 'true', most: null }).map((each) => each.matches);
  return {
    term,
    matches: `(${matches.join(' OR ')})`,
    lookUp: (how) => lookedUp(sought, sourcesBy(how), how),
  };
}

function lookedUp(
  { list, order, conditions }: Sought,
  sources: Source[],
  { prefix, most }: LookingUp,
): LookedUp {
  const ways = sources.flatMap((source) => source.ways);
  const row = `SELECT r.${list.id.name} AS id, ${order.key} AS sort_key`;
  const selects = ways.map(({ from, where, through }) => {
    if (!through) {
      const all = [where, ...conditions].join(' AND ');
      return `(${row} FROM ${from} WHERE ${all} ${limitOf(most)})`;
    }
    // OFFSET keeps the planner from reading the whole table for what it expects to be many.
    return `(SELECT x.id, x.sort_key FROM ${from} CROSS JOIN LATERAL (${row} FROM ${list.table} r
      WHERE ${[through, ...conditions].join(' AND ')} OFFSET 0) x ${limitOf(most)})`;
  });
  const ctes: Cte[] = [
    ...sources.flatMap((source) => source.ctes),
    // A row may be found by several sources.
    { name: `${prefix}found`, text: selects.join(sources.length > 1 ? ' UNION ' : ' UNION ALL ') },
  ];
  const counted = ctes.filter(({ isHint }) => !isHint);
  return {
    ctes: ctes.map(({ name, text }) => `${name} AS MATERIALIZED (${text})`),
    isCut: counted.map(({ name }) => `(SELECT count(*) FROM ${name}) > ${most}`).join(' OR '),
  };
}

function byPart({ list, q, given }: Sought) {
  return {
    term: termOf(given(list.inSpelling(q))),
    sourcesBy: (how: LookingUp) =>
      list.declared.foundBy.flatMap((by, index) => sourcesOf(list.table, { ...by, index }, how)),
  };
}

function byId({ list, q, given }: Sought) {
  const id = given(q.toLowerCase());
  const columns = [list.id, ...list.foundByIds];
  return {
    term: termOf(id),
    sourcesBy: ({ when }: LookingUp) =>
      columns.map(({ name, type }): Source => {
        const matches = `r.${name} = (${id}::text)${type === 'uuid' ? '::uuid' : ''}`;
        const ways = [{ from: `${list.table} r`, where: `${when} AND ${matches}` }];
        return { ctes: [], ways, matches };
      }),
  };
}
