import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { sampled } from '../support/samples.js';
import type { Catalogue, Column, Table } from './catalogue.js';

/** One organisation with a row in every table that holds data of organisations or people. */
export interface Seeded {
  name: string;
  /** Marker in every text of the rows: its appearance means that a row was shown. */
  marker: string;
  /** The primary key of its row, by table and column. */
  keys: Record<string, Record<string, string>>;
  tenantId: string;
  userId: string;
}

type Values = Record<string, unknown>;
export type Kinds = Readonly<Record<string, string>>;

/** What the catalogue cannot say about a row: values that only make sense together. */
const FACTORIES = sampled('rows');

export function holdsOwners(kinds: Kinds, table: string): boolean {
  return kinds[table] === 'tenant' || kinds[table] === 'personal';
}

/** @throws when a table refuses the row that was made up for it: it needs a factory */
export async function seed(
  owner: pg.Pool | pg.PoolClient,
  { tables }: Catalogue,
  kinds: Kinds,
  name: string,
): Promise<Seeded> {
  const marker = `iso-${name.toLowerCase()}-${randomBytes(5).toString('hex')}`;
  const seeded: Seeded = { name, marker, keys: {}, tenantId: '', userId: '' };
  // What a row is about may come later: its id is known before.
  const planned = new Map<string, string>();
  const idOf = (table: string) =>
    planned.get(table) ?? planned.set(table, randomUUID()).get(table)!;
  for (const table of tables.filter((each) => holdsOwners(kinds, each.name))) {
    const values = await rowFor(owner, tables, table, seeded, idOf);
    const id = table.columns.find((each) => each.name === 'id');
    if (id?.type === 'uuid' && !id.references) values.id = idOf(table.name);
    seeded.keys[table.name] = await insert(owner, table, values).catch((error: Error) => {
      throw new Error(
        `${table.name} needs values that fit together: write rows: { ${table.name}: () => ({ … }) } in test/<feature>/<feature>.samples.ts: ${error.message}`,
      );
    });
    seeded.tenantId = seeded.keys.tenant?.id ?? '';
    seeded.userId = seeded.keys.users?.id ?? '';
  }
  return seeded;
}

/** A row of `table` that belongs to the organisation, not stored yet; parents it alone may have are. */
export async function rowFor(
  owner: pg.Pool | pg.PoolClient,
  tables: Table[],
  table: Table,
  seeded: Seeded,
  idOf = (name: string): string => seeded.keys[name]?.id ?? randomUUID(),
): Promise<Values> {
  const given = FACTORIES[table.name]?.(seeded.marker, idOf) ?? {};
  const values: Values = { ...given };
  for (const column of table.columns) {
    if (column.name in given) continue;
    const value = await valueFor(owner, tables, table, column, seeded);
    if (value !== undefined) values[column.name] = value;
  }
  return values;
}

async function valueFor(
  owner: pg.Pool | pg.PoolClient,
  tables: Table[],
  table: Table,
  column: Column,
  seeded: Seeded,
): Promise<unknown> {
  const { name, type, isUnique, isRequired, hasDefault } = column;
  if (column.references)
    return parentOf(owner, tables, column, isUnique && table.name in seeded.keys, seeded);
  if (name === 'tenant_id') return seeded.tenantId;
  if (table.key.includes(name) && type === 'uuid') return randomUUID();
  if (type.startsWith('character varying') || type === 'text') {
    if (column.word) return column.word;
    return hasDefault ? undefined : textOf(column, seeded.marker);
  }
  if (!isRequired || hasDefault) return undefined;
  switch (type) {
    case 'uuid':
      return randomUUID();
    case 'bytea':
      return randomBytes(32);
    case 'boolean':
      return false;
    case 'jsonb':
    case 'json':
      return { note: seeded.marker };
    case 'date':
    case 'timestamp with time zone':
      return new Date(Date.now() + 86_400_000);
    case 'time without time zone':
      return '12:00';
    default:
      return 1;
  }
}

async function parentOf(
  owner: pg.Pool | pg.PoolClient,
  tables: Table[],
  { references, referenced }: Column,
  mustBeNew: boolean,
  seeded: Seeded,
): Promise<unknown> {
  const name = references!;
  const parent = tables.find((table) => table.name === name)!;
  if (mustBeNew) {
    const key = await insert(owner, parent, await rowFor(owner, tables, parent, seeded));
    return Object.values(key)[0];
  }
  const known = seeded.keys[name];
  if (known) return Object.values(known)[0];
  const { rows } = await owner.query<{ key: unknown }>(
    `SELECT ${referenced} AS key FROM ${name} ORDER BY 1 LIMIT 1`,
  );
  return rows[0]?.key;
}

function textOf({ length }: Column, marker: string): string {
  // Unique texts differ from row to row, and yet all hold the marker.
  const text = `${marker}-${randomBytes(4).toString('hex')}`;
  if (length === null || length >= text.length) return text;
  return length >= marker.length ? marker : randomBytes(length).toString('hex').slice(0, length);
}

async function insert(
  owner: pg.Pool | pg.PoolClient,
  table: Table,
  values: Values,
): Promise<Record<string, string>> {
  const { text, parameters } = insertStatement(table, values);
  const { rows } = await owner.query<Record<string, string>>(
    `${text} RETURNING ${table.key.join(', ')}`,
    parameters,
  );
  return rows[0]!;
}

export function insertStatement(table: Table, values: Values) {
  const names = Object.keys(values);
  return {
    text: `INSERT INTO ${table.name} (${names.map((name) => `"${name}"`).join(', ')})
      VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    parameters: Object.values(values),
  };
}
