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

/** Where rows are found: the tables to look in, and the same as a condition on `r`. */
export interface Source {
  /** CTE that this one reads, if any. */
  with?: { name: string; text: string };
  /** After FROM. */
  from: string;
  /** After WHERE. */
  where: string;
  matches: string;
}

/** Names of the CTE of what is looked for. */
const TEXT = '(SELECT text FROM term)';
const PARTS = '(SELECT parts FROM term)';

/** SQL of the CTE `term`. */
export function termOf(parameter: string): string {
  return `term AS MATERIALIZED (SELECT text, app_parts(text) AS parts
    FROM app_search_text(${parameter}::text) AS text)`;
}

/**
 * A source for each link of the text.
 * @param when SQL condition without which nothing is looked up; @param most rows looked up of another table
 */
export function sourcesOf(
  table: string,
  { text, only, of, isScanned }: FoundBy,
  at: { index: number; when: string; most: number },
): Source[] {
  const isIn = `strpos(${text}, ${TEXT}) > 0`;
  const parts = isScanned ? 'true' : `app_parts(${text}) @> ${PARTS}`;
  const where = [at.when, only ?? 'true', parts, isIn].join(' AND ');
  if (!of) return [{ from: `${table} r`, where, matches: `(${only ?? 'true'} AND ${isIn})` }];
  const name = `source${at.index}`;
  const ids = of.links.map(({ id }, n) => `${id} AS id${n}`).join(', ');
  const statement = `SELECT ${ids} FROM ${of.table} t WHERE ${where} LIMIT ${at.most + 1}`;
  return of.links.map(({ id, column, asId }, n) => ({
    ...(n === 0 ? { with: { name, text: statement } } : {}),
    from: `${name} s JOIN ${table} r ON ${column} = s.id${n}${asId ? '::text' : ''}`,
    where: 'true',
    matches: `EXISTS (SELECT FROM ${of.table} t WHERE ${id} = ${asId ?? column} AND ${isIn})`,
  }));
}
