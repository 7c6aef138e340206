import { DomainError } from '../errors/domain-error.js';
import { lastText } from '../http/forms/form.js';
import { UUID } from '../utils/uuid.js';
import type { BackOffice } from './back-office.js';
import type { ListedEntity } from './listed-entity.js';

/** The query of a list, read from its URL. */
export interface ListQuery {
  /** Prefix of the searched text, or an id. */
  q: string | null;
  /** Choice by name of the filter. */
  chosen: Readonly<Record<string, string>>;
  /** Only rows related to this row of another entity. */
  scope: { by: string; id: string } | null;
  /** `created_at`, or `-created_at` for the reverse order; null for the default. */
  sort: string | null;
  cursor: string | null;
}

/** Reads the query; invalid values are ignored. @throws DomainError `not_found` for an invalid id */
export function readQuery(
  office: BackOffice,
  list: ListedEntity,
  asked: Readonly<Record<string, unknown>>,
): ListQuery {
  const said = (name: string) => lastText(Object.hasOwn(asked, name) ? asked[name] : undefined);
  const chosen = Object.entries(list.filters).flatMap(([name, choices]) => {
    const choice = said(name);
    return choice && Object.hasOwn(choices, choice) ? [[name, choice]] : [];
  });
  const by = office.scopesOf(list).find((name) => said(name));
  return {
    q: cleanTerm(said('q')),
    chosen: Object.fromEntries(chosen) as Record<string, string>,
    scope: by ? { by, id: idOf(office.scope(list, by).target, said(by)) } : null,
    sort: list.order(said('sort') ?? null).name,
    cursor: said('page') ?? null,
  };
}

/** The URL of the list with this query. */
export function addressOf(list: ListedEntity, query: ListQuery): string {
  const text = queryText(list, query);
  return list.address() + (text && `?${text}`);
}

/** What stands after `?` in the URL; empty for the list as it is. */
export function queryText(list: ListedEntity, query: ListQuery): string {
  const { q, chosen, scope, sort, cursor } = query;
  const own = sort === list.order(null).name;
  const said = {
    q,
    ...chosen,
    ...(scope ? { [scope.by]: scope.id } : {}),
    sort: own ? null : sort,
    page: cursor,
  };
  return new URLSearchParams(
    Object.entries(said).filter((entry): entry is [string, string] => Boolean(entry[1])),
  ).toString();
}

/** Validates an id of the URL. @throws DomainError `not_found` */
export function idOf({ id }: ListedEntity, text: string | undefined): string {
  const shape = id.type === 'uuid' ? UUID : WHOLE_NUMBER;
  if (text === undefined || !shape.test(text)) {
    throw new DomainError('not_found', 'errors.not_found');
  }
  return text.toLowerCase();
}

const WHOLE_NUMBER = /^\d{1,9}$/;

/** What is looked for, as the database can hold it; null for nothing. */
export function cleanTerm(text: string | undefined): string | null {
  return text?.toWellFormed().replaceAll('\0', '').trim().slice(0, 200) || null;
}
