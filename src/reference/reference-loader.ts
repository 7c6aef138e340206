import type { Link, ReferenceData } from './reference-data.js';
import { buildReferenceData, referenceFingerprint } from './reference-data.js';

/** Runs one statement as the owner of the tables and returns its rows. */
export type Query = (sql: string, params?: unknown[]) => Promise<unknown[]>;

export interface LoadedReferenceData {
  countries: number;
  languages: number;
  timezones: number;
  currencies: number;
  links: { languages: number; timezones: number; currencies: number };
  /** Number of rows and links added, changed or (links only) removed; 0 when up to date. */
  changed: number;
}

/**
 * Updates the reference tables to the data of this release. Idempotent: keys stay, unchanged rows are not
 * written, and no row is deleted, since profiles may refer to it. Takes the connection of a transaction that
 * holds the migration lock.
 */
export async function loadReferenceData(query: Query): Promise<LoadedReferenceData> {
  const data = await buildReferenceData();
  let changed = 0;
  for (const table of tablesOf(data)) changed += await put(query, table);
  changed += await link(query, 'language', 'code', data.links.languages);
  changed += await link(query, 'timezone', 'name', data.links.timezones);
  changed += await link(query, 'currency', 'code', data.links.currencies);
  await query(
    `INSERT INTO reference_data_version AS old (fingerprint) VALUES ($1)
     ON CONFLICT (only_row) DO UPDATE SET fingerprint = EXCLUDED.fingerprint, loaded_at = now()
     WHERE old.fingerprint IS DISTINCT FROM EXCLUDED.fingerprint`,
    [referenceFingerprint()],
  );
  return {
    countries: data.countries.length,
    languages: data.languages.length,
    timezones: data.timezones.length,
    currencies: data.currencies.length,
    links: {
      languages: data.links.languages.length,
      timezones: data.links.timezones.length,
      currencies: data.links.currencies.length,
    },
    changed,
  };
}

/** Whether the tables contain the data of this release: one cheap statement, at every start. */
export async function referenceDataIsLoaded(query: Query): Promise<boolean> {
  const rows = await query(
    `SELECT 1 FROM reference_data_version
     WHERE fingerprint = $1 AND EXISTS (SELECT FROM country)`,
    [referenceFingerprint()],
  );
  return rows.length > 0;
}

interface Table {
  name: string;
  /** Columns with type and values by row. The first column is the natural key. */
  columns: [name: string, type: string, values: unknown[]][];
}

function tablesOf({ countries, languages, timezones, currencies }: ReferenceData): Table[] {
  return [
    {
      name: 'country',
      columns: [
        ['code', 'text', countries.map(({ code }) => code)],
        ['code3', 'text', countries.map(({ code3 }) => code3)],
        ['numeric', 'text', countries.map(({ numeric }) => numeric)],
        ['name', 'text', countries.map(({ name }) => name)],
      ],
    },
    {
      name: 'language',
      columns: [
        ['code', 'text', languages.map(({ code }) => code)],
        ['name', 'text', languages.map(({ name }) => name)],
      ],
    },
    {
      name: 'timezone',
      columns: [
        ['name', 'text', timezones.map(({ name }) => name)],
        ['label', 'text', timezones.map(({ label }) => label)],
        ['offset_seconds', 'integer', timezones.map(({ offsetSeconds }) => offsetSeconds)],
        ['alias_of', 'text', timezones.map(({ aliasOf }) => aliasOf)],
      ],
    },
    {
      name: 'currency',
      columns: [
        ['code', 'text', currencies.map(({ code }) => code)],
        ['numeric', 'text', currencies.map(({ numeric }) => numeric)],
        ['name', 'text', currencies.map(({ name }) => name)],
        ['minor_units', 'smallint', currencies.map(({ minorUnits }) => minorUnits)],
      ],
    },
  ];
}

/** Inserts only new or different rows, so that no identity values are consumed. */
async function put(query: Query, { name, columns }: Table): Promise<number> {
  const names = columns.map(([column]) => column);
  const arrays = columns.map(([, type], index) => `$${index + 1}::${type}[]`);
  const [key, ...rest] = names;
  const tuple = (of: string) => `(${rest.map((column) => `${of}.${column}`).join(', ')})`;
  return count(
    query,
    `WITH wanted AS (
       SELECT * FROM unnest(${arrays.join(', ')}) WITH ORDINALITY AS t (${names.join(', ')}, place)
     ), put AS (
       INSERT INTO ${name} AS old (${names.join(', ')})
       SELECT ${names.map((column) => `wanted.${column}`).join(', ')} FROM wanted
       WHERE NOT EXISTS (
         SELECT FROM ${name} AS there
         WHERE there.${key} = wanted.${key} AND ${tuple('there')} IS NOT DISTINCT FROM ${tuple('wanted')})
       ORDER BY place
       ON CONFLICT (${key}) DO UPDATE
       SET ${rest.map((column) => `${column} = EXCLUDED.${column}`).join(', ')}
       WHERE ${tuple('old')} IS DISTINCT FROM ${tuple('EXCLUDED')}
       RETURNING 1
     ) SELECT count(*)::integer AS n FROM put`,
    columns.map(([, , values]) => values),
  );
}

/** Deletes links that no longer apply (Bulgaria and the lev). */
async function link(query: Query, other: string, key: string, links: Link[]): Promise<number> {
  const table = `country_${other}`;
  return count(
    query,
    `WITH wanted AS (
       SELECT country.id AS country_id, ${other}.id AS ${other}_id
       FROM unnest($1::text[], $2::text[]) AS t (country_code, other_key)
       JOIN country ON country.code = t.country_code
       JOIN ${other} ON ${other}.${key} = t.other_key
     ), put AS (
       INSERT INTO ${table} (country_id, ${other}_id) SELECT country_id, ${other}_id FROM wanted
       ON CONFLICT DO NOTHING RETURNING 1
     ), gone AS (
       DELETE FROM ${table} AS old
       WHERE NOT EXISTS (SELECT FROM wanted WHERE wanted.country_id = old.country_id
         AND wanted.${other}_id = old.${other}_id) RETURNING 1
     ) SELECT ((SELECT count(*) FROM put) + (SELECT count(*) FROM gone))::integer AS n`,
    [links.map(([country]) => country), links.map(([, it]) => it)],
  );
}

async function count(query: Query, sql: string, params: unknown[]): Promise<number> {
  const [row] = (await query(sql, params)) as { n: number }[];
  return row?.n ?? 0;
}
