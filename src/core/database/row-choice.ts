import { getMetadataArgsStorage, type EntityTarget } from 'typeorm';
import { ReadableNames } from './schema/naming-strategy.js';
import type { TenantScopedEntity } from './tenant-scoped.entity.js';

/** Rows of an organisation that rows of another table may belong to. */
export interface RowChoice {
  readonly table: string;
  /** The column that names a row. */
  readonly title: string;
  /** SQL of the name of a row by its id, of deleted rows too; null where it is out of reach. */
  readonly titleOf: (id: string) => string;
  /** SQL of `id` and `title` in lower case of the rows with one of these names, an array in lower case. */
  readonly idsOf: (titles: string) => string;
}

/** `title`: the property of the entity that names a row, a text. */
export function rowChoice<E extends TenantScopedEntity>(
  entity: EntityTarget<E> & { new (): E },
  title: Extract<keyof E, string>,
): RowChoice {
  const table = getMetadataArgsStorage().tables.find(({ target }) => target === entity)?.name;
  if (!table) throw new Error(`${entity.name} is no entity with a table of its own`);
  const column = new ReadableNames().columnName(title, undefined, []);
  return {
    table,
    title: column,
    titleOf: (id) => `(SELECT named.${column} FROM ${table} named WHERE named.id = ${id})`,
    idsOf: (titles) => `SELECT named.id, lower(named.${column}) AS title FROM ${table} named
      WHERE named.tenant_id = (SELECT app_tenant_id()) AND named.deleted_at IS NULL
        AND lower(named.${column}) = ANY (${titles})`,
  };
}
