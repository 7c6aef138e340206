import type { ColumnDescription } from '../database/schema/entity-catalogue.js';
import { keysetSql, MOST_COUNTED, type ListOrder, type Position } from '../database/keyset.js';
import type { Statement } from '../database/read-path/pipelined-read.js';
import type { BackOffice } from './back-office.js';
import type { ListedEntity } from './listed-entity.js';
import { lookFor, waysOf } from './finding/found-statements.js';
import { pageOfFound, renamed } from './finding/page-of-found.js';
import type { ListQuery } from './list-query.js';

/** Alias of the title of a referenced row. */
export const titleOf = (column: string) => `${column}:title`;

/**
 * Statement for one page of a list plus one row. Selects the page first and joins the titles of referenced
 * rows after. With `isCounted`, each row has the `total` of the list.
 */
export function listStatement(
  office: BackOffice,
  list: ListedEntity,
  query: ListQuery,
  position: Position | null,
  limit: number,
  isCounted = false,
): Statement {
  const values: unknown[] = [];
  const given = (value: unknown) => `$${values.push(value)}`;
  const order = orderOf(list, query);
  const conditions = conditionsOf(office, list, query, given);
  const isLookedUp = query.q !== null && waysOf(list, query.q) === 'lookup';
  const looked = isLookedUp ? lookFor({ list, q: query.q!, order, conditions, given }) : null;
  const { key, from, orderBy, values: at } = keysetSql(order, position, values.length + 1);
  values.push(...at);
  const columns = [list.id, list.title, ...list.alsoRead, ...list.list].concat(stateOf(list));
  const { names, joins } = titles(office, columns, 'page');
  // Sorted again, since a join may lose the order.
  const sorted = renamed(orderBy, order, 'page');
  const row = `SELECT ${selected(list, columns)}, ${key} AS key, ${order.key} AS sort_key,
    ${order.id} AS sort_id`;
  if (!looked) {
    const where = conditions.join(' AND ') || 'true';
    const counted = `SELECT count(*)::int FROM (SELECT FROM ${list.table} r
      WHERE ${where} LIMIT ${MOST_COUNTED + 1}) n`;
    return {
      text: `SELECT page.*${names}${isCounted ? `, (${counted}) AS total` : ''} FROM (
          ${row} FROM ${list.table} r WHERE ${where} AND ${from}
          ORDER BY ${orderBy} LIMIT ${limit + 1}) page
        ${joins} ORDER BY ${sorted}`,
      values,
    };
  }
  const page = pageOfFound(list, looked, { order, orderBy, from, conditions, limit });
  return {
    text: `WITH ${page.ctes}
      SELECT page.*${names}, (SELECT CASE WHEN count > ${MOST_COUNTED} OR NOT is_cut THEN count END
        FROM counted) AS total
      FROM (${row} FROM (${page.ids}) f JOIN ${list.table} r ON r.${list.id.name} = f.id) page
      ${joins} ORDER BY ${sorted}`,
    values,
  };
}

/**
 * Statement for a few rows of a list for the search: those among the first that match, else what the indexes find. So
 * neither a text that is everywhere nor one that is nowhere takes long.
 */
export function fewStatement(
  office: BackOffice,
  list: ListedEntity,
  q: string,
  limit: number,
): Statement {
  const query: ListQuery = { q, chosen: {}, scope: null, sort: null, cursor: null };
  if (waysOf(list, q) !== 'lookup') return listStatement(office, list, query, null, limit);
  const values: unknown[] = [];
  const given = (value: unknown) => `$${values.push(value)}`;
  const order = orderOf(list, query);
  const conditions = conditionsOf(office, list, query, given);
  const isFew = `(SELECT count(*) FROM first_rows) < ${limit + 1}`;
  const looked = lookFor({ list, q, order, conditions, given });
  const { ctes } = looked.lookUp({ prefix: '', when: isFew, most: MOST_LOOKED_UP });
  const { orderBy } = keysetSql(order, null, values.length + 1);
  const columns = [list.id, list.title, ...list.alsoRead, ...list.list].concat(stateOf(list));
  const { names, joins } = titles(office, columns, 'page');
  const id = `r.${list.id.name}`;
  const where = conditions.join(' AND ') || 'true';
  const first = `first_rows AS MATERIALIZED (SELECT ${id} AS id, ${order.key} AS sort_key
    FROM (SELECT ${id} AS first_id FROM ${list.table} r WHERE ${where}
      ORDER BY ${orderBy} LIMIT ${FIRST}) n
    JOIN ${list.table} r ON ${id} = n.first_id WHERE ${looked.matches}
    ORDER BY ${orderBy} LIMIT ${limit + 1})`;
  return {
    text: `WITH ${[looked.term, first, ...ctes].join(', ')}
      SELECT page.*${names} FROM (
        SELECT ${selected(list, columns)}, ${order.key} AS sort_key, ${order.id} AS sort_id
        FROM (SELECT f.id FROM (SELECT * FROM first_rows WHERE NOT ${isFew}
            UNION ALL SELECT * FROM found WHERE ${isFew}) f
          ORDER BY ${renamed(orderBy, order, 'f')} LIMIT ${limit + 1}) f
        JOIN ${list.table} r ON ${id} = f.id) page
      ${joins} ORDER BY ${renamed(orderBy, order, 'page')}`,
    values,
  };
}

/** So many rows of a list, in its order, the search looks at itself. */
const FIRST = 1_000;
/** So many rows of what the indexes find the search sorts. */
const MOST_LOOKED_UP = 1_000;

/** Statement for complete rows, deleted ones included. */
export function rowsStatement(office: BackOffice, list: ListedEntity, ids: string[]): Statement {
  const { names, joins } = titles(office, list.columns, 'r');
  const only = list.declared.only ? `AND ${list.declared.only}` : '';
  return {
    text: `SELECT ${selected(list, list.columns)}${names} FROM ${list.table} r ${joins}
      WHERE r.${list.id.name} = ANY ($1::${list.id.type === 'uuid' ? 'uuid' : 'integer'}[]) ${only}`,
    values: [ids],
  };
}

/** What is found by its beginning is sorted by it. */
export function orderOf(list: ListedEntity, { q, sort }: ListQuery): ListOrder {
  const isByBeginning = q !== null && waysOf(list, q) === 'beginning';
  return (isByBeginning && list.searchOrder) || list.order(sort);
}

function conditionsOf(
  office: BackOffice,
  list: ListedEntity,
  { q, chosen, scope }: ListQuery,
  given: (value: unknown) => string,
): string[] {
  const conditions = Object.entries(chosen).map(
    ([name, choice]) => `(${list.filters[name]![choice]!})`,
  );
  if (list.declared.only) conditions.push(list.declared.only);
  if (list.keepsDeleted && chosen.state !== 'deleted') conditions.push('r.deleted_at IS NULL');
  if (scope) {
    const { column } = office.scope(list, scope.by);
    conditions.push(`r.${column.name} = ${given(scope.id)}`);
  }
  const { searchOrder } = list;
  const way = q && waysOf(list, q);
  if (!q || way === 'lookup') return conditions;
  if (way === 'id') {
    conditions.push(list.id.type === 'uuid' ? `r.${list.id.name} = ${given(q)}` : 'false');
  } else if (searchOrder) {
    const text = list.folded(`${given(list.spelled(q))}::text`);
    // Prefix range: from the text to the text followed by U+10FFFF.
    conditions.push(
      `${searchOrder.key} >= ${text} AND ${searchOrder.key} < ${text} || chr(1114111)`,
    );
  } else conditions.push('false');
  return conditions;
}

function stateOf({ columns }: ListedEntity): ColumnDescription[] {
  return columns.filter(({ name }) => name === 'is_active' || name === 'deleted_at');
}

function selected(list: ListedEntity, columns: readonly ColumnDescription[]): string {
  const each = columns.map(({ name, property, type, isPrimary }) => {
    const instead = list.readAs(property);
    if (instead) return `${instead} AS "${name}"`;
    // Dates are selected as text: the driver would convert them to a moment in the local time zone.
    return isPrimary || type === 'date' ? `r."${name}"::text AS "${name}"` : `r."${name}"`;
  });
  return [...new Set(each)].join(', ');
}

/** Joins the titles of referenced rows. */
function titles(office: BackOffice, columns: readonly ColumnDescription[], from: string) {
  const led = [...new Set(columns)].flatMap((column) => {
    const target = column.relation && office.of(column.relation.target);
    return target ? [{ column, target }] : [];
  });
  return {
    names: led
      .map(({ column, target }, n) => `, t${n}."${target.title.name}" AS "${titleOf(column.name)}"`)
      .join(''),
    joins: led
      .map(
        ({ column, target }, n) =>
          `LEFT JOIN ${target.table} t${n} ON t${n}.${target.id.name} = ${from}."${column.name}"`,
      )
      .join(' '),
  };
}
