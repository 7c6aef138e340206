import { MOST_COUNTED, type ListOrder } from '../../database/keyset.js';
import type { ListedEntity } from '../listed-entity.js';
import type { Looked } from './found-statements.js';

/** So many rows of a list, in its order, are looked at for a page of what is frequent. */
const WALKED = 20_000;

/**
 * SQL of one page of what is looked for. As many as are counted are sorted. Where there is more, the list is walked in
 * its order, in which a page is full soon; where it is not, because the order and what is found have to do with each
 * other, all of them are sorted. `counted (count, is_cut)` tells how many there are.
 */
export function pageOfFound(
  list: ListedEntity,
  looked: Looked,
  {
    order,
    orderBy,
    from,
    conditions,
    limit,
  }: {
    order: ListOrder;
    orderBy: string;
    from: string;
    conditions: readonly string[];
    limit: number;
  },
): { ctes: string; ids: string } {
  const few = looked.lookUp({ prefix: '', when: 'true', most: MOST_COUNTED });
  const isWalked = '(SELECT count(*) FROM walked)';
  const isNotFull = `(SELECT is_cut FROM counted) AND ${isWalked} <= ${limit}`;
  const all = looked.lookUp({ prefix: 'all_', when: isNotFull, most: null });
  const id = `r.${list.id.name}`;
  const walked = `walked AS MATERIALIZED (SELECT f.id, f.sort_key FROM (
      SELECT ${id} AS id, ${order.key} AS sort_key, ${looked.matches} AS is_found
      FROM ${list.table} r
      WHERE ${['(SELECT is_cut FROM counted)', ...conditions, from].join(' AND ')}
      ORDER BY ${orderBy} LIMIT ${WALKED}) f
    WHERE f.is_found ORDER BY ${renamed(orderBy, order, 'f')} LIMIT ${limit + 1})`;
  const page = (name: string, when: string) => `(SELECT f.id FROM ${name} f
    WHERE ${when} AND ${renamed(from, order, 'f')}
    ORDER BY ${renamed(orderBy, order, 'f')} LIMIT ${limit + 1})`;
  return {
    ctes: [
      looked.term,
      ...few.ctes,
      `counted AS MATERIALIZED (
        SELECT count(*)::int AS count, ${few.isCut} AS is_cut FROM found)`,
      walked,
      ...all.ctes,
    ].join(', '),
    ids: [
      page('found', 'NOT (SELECT is_cut FROM counted)'),
      `(SELECT id FROM walked WHERE ${isWalked} > ${limit})`,
      page('all_found', 'true'),
    ].join(' UNION ALL '),
  };
}

/** SQL of an order on the columns `sort_key` and `id` of another table. */
export function renamed(sql: string, { key, id }: ListOrder, table: string): string {
  const idColumn = table === 'page' ? 'page.sort_id' : `${table}.id`;
  return sql.replaceAll(key, `${table}.sort_key`).replaceAll(id, idColumn);
}
