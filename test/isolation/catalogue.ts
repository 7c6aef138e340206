import type pg from 'pg';
import {
  DATABASE_ROLES,
  type Operation,
} from '../../src/core/database/privileged/database-roles.js';

/** The tables by PostgreSQL's catalogue. All checks of the proof start from here. */
export interface Catalogue {
  tables: Table[];
  /** Rights that no table of `public` explains, as sentences. */
  oddities: string[];
}

export interface Table {
  name: string;
  isForced: boolean;
  policies: number;
  columns: Column[];
  key: string[];
  /** Columns each role may use, by operation; for `delete` it is all or none. */
  rights: Record<string, Record<Operation, string[]>>;
}

export interface Column {
  name: string;
  type: string;
  /** Characters; null where there is no limit. */
  length: number | null;
  isRequired: boolean;
  hasDefault: boolean;
  /** The table a foreign key leads to. */
  references: string | null;
  /** The column of that table which it leads to. */
  referenced: string | null;
  /** Alone in a unique constraint. */
  isUnique: boolean;
  /** The first of the words a check allows. */
  word: string | null;
}

export async function readCatalogue(owner: pg.Pool): Promise<Catalogue> {
  const { rows } = await owner.query<Omit<Table, 'rights'> & { rights: Right[] }>(TABLES, [
    Object.values(DATABASE_ROLES),
  ]);
  const tables = rows.map(({ rights, ...table }) => ({
    ...table,
    columns: table.columns.map((column) => ({ ...column, word: firstWord(column.word) })),
    rights: Object.fromEntries(
      rights.map(({ role, ...operations }) => [
        role,
        Object.fromEntries(
          Object.entries(operations).map(([name, columns]) => [name, columns ?? []]),
        ) as Record<Operation, string[]>,
      ]),
    ),
  }));
  return { tables: parentsFirst(tables), oddities: await oddities(owner) };
}

type Right = { role: string } & Record<Operation, string[] | null>;

const COLUMN_RIGHT = (operation: string) =>
  `(SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       AND has_column_privilege(r.name, c.oid, a.attnum, '${operation}'))`;

const TABLES = `
  SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS "isForced",
    (SELECT count(*)::int FROM pg_policy
      WHERE polrelid = c.oid AND polroles NOT IN
        (ARRAY['app_erasure'::regrole::oid], ARRAY['app_samples'::regrole::oid])) AS policies,
    coalesce((SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_index i
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
      WHERE i.indrelid = c.oid AND i.indisprimary), '{}') AS key,
    (SELECT json_agg(json_build_object(
        'name', a.attname,
        'type', format_type(a.atttypid, NULL),
        'length', CASE WHEN a.atttypid = 'varchar'::regtype AND a.atttypmod > 4 THEN a.atttypmod - 4 END,
        'isRequired', a.attnotnull,
        'hasDefault', a.atthasdef OR a.attidentity <> '',
        'references', (SELECT f.confrelid::regclass::text FROM pg_constraint f
          WHERE f.conrelid = c.oid AND f.contype = 'f' AND (f.conkey = ARRAY[a.attnum]
            OR a.attnum = ANY (f.conkey) AND a.attname <> 'tenant_id') LIMIT 1),
        'referenced', (SELECT p.attname FROM pg_constraint f JOIN pg_attribute p
            ON p.attrelid = f.confrelid AND p.attnum = f.confkey[array_position(f.conkey, a.attnum)]
          WHERE f.conrelid = c.oid AND f.contype = 'f' AND (f.conkey = ARRAY[a.attnum]
            OR a.attnum = ANY (f.conkey) AND a.attname <> 'tenant_id') LIMIT 1),
        'isUnique', EXISTS (SELECT FROM pg_constraint u
          WHERE u.conrelid = c.oid AND u.contype = 'u' AND u.conkey = ARRAY[a.attnum]),
        'word', (SELECT pg_get_constraintdef(k.oid) FROM pg_constraint k
          WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum]
            AND pg_get_constraintdef(k.oid) LIKE '%ANY%' LIMIT 1)
      ) ORDER BY a.attnum)
      FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
    (SELECT json_agg(json_build_object('role', r.name,
        'select', ${COLUMN_RIGHT('SELECT')}, 'insert', ${COLUMN_RIGHT('INSERT')},
        'update', ${COLUMN_RIGHT('UPDATE')},
        'delete', CASE WHEN has_table_privilege(r.name, c.oid, 'DELETE') THEN ARRAY['*'] END))
      FROM unnest($1::text[]) AS r (name)) AS rights
  FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  ORDER BY c.relname`;

/** `CHECK (((status)::text = ANY ((ARRAY['planned'::character varying, …` → `planned` */
function firstWord(check: string | null): string | null {
  return /ARRAY\[\(?'([^']*)'/.exec(check ?? '')?.[1] ?? null;
}

/** A row needs the rows it refers to. */
function parentsFirst(tables: Table[]): Table[] {
  const sorted: Table[] = [];
  const visit = (table: Table, path: string[]) => {
    if (sorted.includes(table) || path.includes(table.name)) return;
    for (const { references } of table.columns) {
      const parent = tables.find(({ name }) => name === references);
      if (parent) visit(parent, [...path, table.name]);
    }
    sorted.push(table);
  };
  tables.forEach((table) => visit(table, []));
  return sorted;
}

/** Ways around row-level security that have nothing to do with a single table's policies. */
async function oddities(owner: pg.Pool): Promise<string[]> {
  const { rows } = await owner.query<{ oddity: string }>(ODDITIES, [Object.values(DATABASE_ROLES)]);
  return rows.map(({ oddity }) => oddity);
}

const ODDITIES = `
  WITH role AS (SELECT unnest($1::text[]) AS name),
    relation AS (SELECT c.oid, n.nspname, c.relname, c.relkind, c.relowner, c.reloptions
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname !~ '^(pg_|information_schema)' AND c.relkind IN ('r', 'p', 'v', 'm'))
  SELECT role.name || ' can bypass row-level security' AS oddity
    FROM role JOIN pg_roles r ON r.rolname = role.name
    WHERE r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcanlogin
  UNION ALL SELECT role.name || ' may take on the role ' || other.name FROM role, role other
    WHERE role.name <> other.name AND pg_has_role(role.name, other.name, 'MEMBER')
  UNION ALL SELECT role.name || ' owns ' || relname FROM role, relation
    WHERE pg_get_userbyid(relowner) = role.name
  UNION ALL SELECT role.name || ' may truncate ' || relname || ', which no policy stops'
    FROM role, relation
    WHERE relkind IN ('r', 'p') AND has_table_privilege(role.name, oid, 'TRUNCATE')
  UNION ALL SELECT role.name || ' may add triggers to ' || relname FROM role, relation
    WHERE relkind IN ('r', 'p') AND has_table_privilege(role.name, oid, 'TRIGGER')
  UNION ALL SELECT role.name || ' sees the view ' || relname || ', which reads as its owner'
    FROM role, relation
    WHERE relkind IN ('v', 'm') AND has_table_privilege(role.name, oid, 'SELECT')
      AND (relkind = 'm' OR NOT coalesce(reloptions @> '{security_invoker=true}', false))
  UNION ALL SELECT role.name || ' may run ' || p.proname || ', which works as its owner'
    FROM role, pg_proc p
    WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace
      AND has_function_privilege(role.name, p.oid, 'EXECUTE')
  UNION ALL SELECT DISTINCT role.name || ' may ' || lower(right_) || ' ' || nspname || '.*'
    FROM role, relation, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS right_
    WHERE nspname <> 'public' AND relkind IN ('r', 'p') AND has_table_privilege(role.name, oid, right_)
      AND has_schema_privilege(role.name, nspname, 'USAGE')
  ORDER BY oddity`;
