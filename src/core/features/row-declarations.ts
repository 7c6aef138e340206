/** What features with rows declare alike. */

const CHANGES = ['created', 'changed', 'deleted', 'restored'] as const;

type RowActions<Row extends string, Kind extends string> = {
  [Change in (typeof CHANGES)[number] as `${Row}.${Change}`]: {
    kind: Kind;
    isShared: true;
    eventNeeds: `${Kind}:read`;
  };
};

/**
 * The recorded actions of a row, `invoice.created` and so on: all members read them, and webhooks send them to whoever
 * may read the rows. `kind` is theirs in the trail, and the first part of the permission `<kind>:read`.
 */
export function rowActions<const Row extends string, const Kind extends string>(
  row: Row,
  kind: Kind,
): RowActions<Row, Kind> {
  const action = { kind, isShared: true, eventNeeds: `${kind}:read` };
  const actions = CHANGES.map((change) => [`${row}.${change}`, action]);
  return Object.fromEntries(actions) as RowActions<Row, Kind>;
}

/** The columns of an export: those of every row, around the feature's own. */
export function rowColumns(...own: readonly string[]): string[] {
  return ['id', ...own, 'created_at', 'deleted_at'];
}
