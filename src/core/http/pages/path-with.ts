/**
 * A path with what of a query is not null or blank, in the order given: `pathWith('/invoices/', { q, page: cursor })`.
 */
export function pathWith(path: string, query: Readonly<Record<string, string | null | undefined>>) {
  const said = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1]);
  const search = new URLSearchParams(said).toString();
  return search ? `${path}?${search}` : path;
}
