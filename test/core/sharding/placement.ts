import { TABLES } from '../../support/tables.js';

/**
 * Where the rows of a table would be on an engine that distributes by organisation: `distributed` with their
 * organisation, `reference` on every node, `one place` on one node for all.
 */
export type Placement = 'distributed' | 'reference' | 'one place';

/** The column that says whose a row is; the table of organisations has its own id. */
export function organisationOf(table: string): 'tenant_id' | 'id' {
  return table === 'tenant' ? 'id' : 'tenant_id';
}

type Sql = <T>(text: string) => Promise<T[]>;

export interface PlacedTable {
  name: string;
  placement: Placement;
  /** What has to change before a table can be distributed or be a reference; as sentences. */
  obstacles: string[];
}

interface Table {
  name: string;
  /** Of the column of the organisation; null without one. */
  isRequired: boolean | null;
}

interface Key {
  table: string;
  name: string;
  columns: string[];
}

interface Reference {
  from: string;
  to: string;
  name: string;
  columns: string[];
  target: string[];
}

/** Tables of the catalogue, and what keeps each from where it would be. */
export async function placedTables(sql: Sql): Promise<PlacedTable[]> {
  const [tables, keys, references] = [
    await sql<Table>(TABLES_SQL),
    await sql<Key>(KEYS_SQL),
    await sql<Reference>(REFERENCES_SQL),
  ];
  const placements = new Map(tables.map((table) => [table.name, placementOf(table)]));
  return tables.map(({ name, isRequired }) => {
    const placement = placements.get(name)!;
    const obstacles =
      placement === 'distributed'
        ? [
            ...(isRequired ? [] : ['rows without an organisation']),
            ...keys
              .filter(
                ({ table, columns }) => table === name && !columns.includes(organisationOf(name)),
              )
              .map(({ name: key }) => `unique without the organisation: ${key}`),
            ...references
              .filter((each) => each.from === name && !isKept(each, placements))
              .map((each) => `refers past its shard: ${each.name}`),
          ]
        : references
            .filter(({ from, to }) => from === name && placements.get(to) === 'distributed')
            .map((each) => `refers to a distributed table: ${each.name}`);
    return { name, placement, obstacles };
  });
}

function placementOf({ name, isRequired }: Table): Placement {
  if (TABLES[name] === 'reference') return 'reference';
  return isRequired === null ? 'one place' : 'distributed';
}

/** Within one shard, or to a table that is on every node. */
function isKept(
  { from, to, columns, target }: Reference,
  placements: Map<string, Placement>,
): boolean {
  if (placements.get(to) !== 'distributed') return placements.get(to) === 'reference';
  const at = columns.indexOf(organisationOf(from));
  return at >= 0 && target[at] === organisationOf(to);
}

const TABLES_SQL = `SELECT c.relname AS name, a.attnotnull AS "isRequired"
  FROM pg_class c
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
    AND a.attname = CASE WHEN c.relname = 'tenant' THEN 'id' ELSE 'tenant_id' END
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1`;

const columns = (relation: string, numbers: string) =>
  `ARRAY(SELECT a.attname::text FROM unnest(${numbers}) WITH ORDINALITY n (number, at)
    JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = n.number ORDER BY n.at)`;

const KEYS_SQL = `SELECT i.indrelid::regclass::text AS table, i.indexrelid::regclass::text AS name,
    ${columns('i.indrelid', 'i.indkey::int2[]')} AS columns
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
  WHERE c.relnamespace = 'public'::regnamespace AND i.indisunique ORDER BY 1, 2`;

const REFERENCES_SQL = `SELECT conrelid::regclass::text AS from, confrelid::regclass::text AS to,
    conname AS name, ${columns('conrelid', 'conkey')} AS columns,
    ${columns('confrelid', 'confkey')} AS target
  FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1, 3`;
