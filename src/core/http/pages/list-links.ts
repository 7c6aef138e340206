import type { ListPage, ListQuery } from '../../database/keyset.js';
import { Form } from '../forms/form.js';
import { pathWith } from './path-with.js';

/**
 * What stands around the rows of a list at `path`: its form, and addresses that keep filters and order (its pages, its
 * orders, its CSV file). Of the orders the first is the usual one, which addresses do not say.
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
    filter: Form.blank({ ...filters, sort }),
    sorts: sorts.map((value) => ({ value })),
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
