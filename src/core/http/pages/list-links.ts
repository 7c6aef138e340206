import type { ListPage } from '../../database/keyset.js';
import { pathWith } from './path-with.js';

/** What a list is asked for: an order, a cursor, and filters, which are null where they are not set. */
interface ListQuery {
  sort: string;
  cursor: string | null;
  limit?: number;
}

/**
 * The addresses around the rows of a list at `path`, which keep filters and order: its pages, its orders, and its CSV
 * file. Of the orders the first is the usual one, which addresses do not say.
 */
export function listLinks<Q extends ListQuery>(
  path: string,
  query: Q,
  sorts: readonly Q['sort'][],
  { previous, next }: Pick<ListPage<unknown>, 'previous' | 'next'>,
) {
  const { sort, cursor: _, limit: _limit, ...filters } = query;
  const sortedBy = (by: string) => ({ ...filters, sort: by === sorts[0] ? null : by });
  const at = (page: string | null) => pathWith(path, { ...sortedBy(sort), page });
  return {
    isFiltered: Object.values(filters).some((value) => value !== null),
    exportUrl: pathWith(`${path}export.csv`, sortedBy(sort)),
    /** For the headings of columns (`views/partials/column.hbs`). */
    sort: {
      by: sort,
      urls: Object.fromEntries(sorts.map((by) => [by, pathWith(path, sortedBy(by))])),
    },
    page: {
      firstUrl: at(null),
      previousUrl: previous && at(previous),
      nextUrl: next && at(next),
    },
  };
}
