/** An id of another table, and the column of the rows that has it (SQL). */
interface Link {
  id: string;
  column: string;
  /** The column holds ids as text, which this SQL makes of it. */
  asId?: string;
}

/** A text that rows are found by, by any part of it. */
export interface FoundBy {
  /**
   * SQL of the text without accents and capitals, on the table `r`, or on `t` with `of`. An index of `app_parts` of it
   * must exist.
   */
  text: string;
  /** SQL condition of the index, where it holds a part of the rows. */
  only?: string;
  /** The text is that of another table, `t`. */
  of?: { table: string; links: readonly Link[] };
  /** There is no index: the table is small. */
  isScanned?: true;
}

/** The shortest text that is looked for in the middle of others; what is shorter is found at the beginning only. */
export const SHORTEST_PART = 3;

/** Length of a text without accents, as `app_search_text` leaves it. */
export function lengthOfPart(q: string): number {
  return [...q.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, '')].length;
}

/** SQL of a common table expression. */
export interface Cte {
  name: string;
  text: string;
  /** It holds no rows that are found. */
  isHint?: true;
}

/** SQL of one way to rows. */
interface Way {
  from: string;
  where: string;
  /** The condition on `r` by which each row of `from` leads to its own, one by one. */
  through?: string;
}

/** Where rows are found: the tables to look in, and the same as a condition on `r`. */
export interface Source {
  /** CTEs that it reads. */
  ctes: Cte[];
  /** What stands after FROM and after WHERE; several ways to the same rows, of which one is taken. */
  ways: Way[];
  matches: string;
}

/** How sources are looked up. */
export interface LookingUp {
  /** Before the names of the CTEs. */
  prefix: string;
  /** SQL condition without which nothing is looked up. */
  when: string;
  /** Rows looked up at most; null: all of them. */
  most: number | null;
}

/** Names of the CTE of what is looked for. */
const TEXT = '(SELECT text FROM term)';
const PARTS = '(SELECT parts FROM term)';

/** Of so many rows of a table, so many with a text mean that a scan finds enough of it sooner than the index. */
const SAMPLE = 1_000;
const FREQUENT = 100;

/** SQL of the CTE `term`. */
export function termOf(parameter: string): string {
  return `term AS MATERIALIZED (SELECT text, app_parts(text) AS parts
    FROM app_search_text(${parameter}::text) AS text)`;
}

export function limitOf(most: number | null): string {
  return most === null ? '' : `LIMIT ${most + 1}`;
}

/** A source for each link of the text. */
export function sourcesOf(
  table: string,
  by: FoundBy & { index: number },
  { prefix, when, most }: LookingUp,
): Source[] {
  const { text, only = 'true', of, isScanned, index } = by;
  const isIn = `strpos(${text}, ${TEXT}) > 0`;
  const isFrequent = `${prefix}frequent${index}`;
  const read = of ? `${of.table} t` : `${table} r`;
  const sample: Cte = {
    name: isFrequent,
    isHint: true,
    text: `SELECT count(*) >= ${FREQUENT} AS is_so FROM (
      SELECT ${isIn} AS is_in FROM ${read} WHERE ${when} LIMIT ${SAMPLE}) sample WHERE is_in`,
  };
  const isScan = `(SELECT is_so FROM ${isFrequent})`;
  const all = [when, only, isIn];
  const wheres = isScanned
    ? [all]
    : [
        [`NOT ${isScan}`, `app_parts(${text}) @> ${PARTS}`, ...all],
        [isScan, ...all],
      ];
  const ways = wheres.map((each): Way => ({ from: read, where: each.join(' AND ') }));
  const ctes = isScanned ? [] : [sample];
  if (!of) return [{ ctes, ways, matches: `(${only} AND ${isIn})` }];
  const name = `${prefix}source${index}`;
  const ids = of.links.map(({ id }, n) => `${id} AS id${n}`).join(', ');
  const found = ways.map(
    ({ from, where }) => `(SELECT ${ids} FROM ${from} WHERE ${where} ${limitOf(most)})`,
  );
  ctes.push({ name, text: found.join(' UNION ALL ') });
  return of.links.map(({ id, column, asId }, n) => ({
    ctes: n === 0 ? ctes : [],
    ways: [
      {
        from: `${name} s`,
        where: 'true',
        through: `${column} = s.id${n}${asId ? '::text' : ''}`,
      },
    ],
    // OFFSET: row by row, since a walk ends soon.
    matches: `EXISTS (SELECT FROM ${of.table} t
      WHERE ${id} = ${asId ?? column} AND ${isIn} OFFSET 0)`,
  }));
}
