import type { ColumnDescription } from '../database/schema/entity-catalogue.js';
import { keysetSql, type ListOrder, type Position } from '../database/keyset.js';
import type { Statement } from '../database/read-path/pipelined-read.js';
import type { BackOffice } from './back-office.js';
import type { ListedEntity } from './listed-entity.js';
import { UUID } from '../utils/uuid.js';
import type { ListQuery } from './list-query.js';

/** Alias of the title of a referenced row. */
export const titleOf = (column: string) => `${column}:title`;

/**
 * Statement for one page of a list plus one row. Selects the page first and joins the titles of referenced
 * rows after.
 */
export function listStatement(
  office: BackOffice,
  list: ListedEntity,
  query: ListQuery,
  position: Position | null,
  limit: number,
): Statement {
  const values: unknown[] = [];
  const given = (value: unknown) => `$${values.push(value)}`;
  const order = orderOf(list, query);
  const conditions = conditionsOf(office, list, query, given);
  const { key, from, orderBy, values: at } = keysetSql(order, position, values.length + 1);
  values.push(...at);
  const columns = [list.id, list.title, ...list.alsoRead, ...list.list].concat(stateOf(list));
  const { names, joins } = titles(office, columns, 'page');
  // Sorted again, since a join may lose the order.
  const sorted = orderBy
    .replaceAll(order.key, 'page.sort_key')
    .replaceAll(order.id, 'page.sort_id');
  return {
    text: `SELECT page.*${names} FROM (
        SELECT ${selected(list, columns)}, ${key} AS key, ${order.key} AS sort_key,
          ${order.id} AS sort_id
        FROM ${list.table} r WHERE ${[...conditions, from].join(' AND ')}
        ORDER BY ${orderBy} LIMIT ${limit + 1}) page
      ${joins} ORDER BY ${sorted}`,
    values,
  };
}

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

/** Search results are sorted by the searched column. */
export function orderOf(list: ListedEntity, { q, sort }: ListQuery): ListOrder {
  return (isText(q) && list.searchOrder) || list.order(sort);
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
  if (q && !isText(q)) {
    conditions.push(list.id.type === 'uuid' ? `r.${list.id.name} = ${given(q)}` : 'false');
  } else if (q && searchOrder) {
    const text = list.folded(`${given(list.spelled(q))}::text`);
    // Prefix range: from the text to the text followed by U+10FFFF.
    conditions.push(
      `${searchOrder.key} >= ${text} AND ${searchOrder.key} < ${text} || chr(1114111)`,
    );
  } else if (q) conditions.push('false');
  return conditions;
}

function isText(q: string | null): boolean {
  return q !== null && !UUID.test(q);
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
