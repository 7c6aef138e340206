import { auditTitles } from '../core/features/registry.js';

const AN_ID = `'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`;

/**
 * SQL expression of an entry's changes, in which ids of rows are their titles (`titleOf` of the declared fields),
 * where row-level security and grants allow it. What is out of reach stays an id.
 */
export function titlesInFull(entry: string): string {
  const changes = `${entry}.changes`;
  const titles = [...auditTitles()];
  if (titles.length === 0) return changes;
  const shown = (side: string, readers: ReadonlySet<(id: string) => string>) => {
    const value = `field.value ->> '${side}'`;
    const found = [...readers].map((titleOf) => titleOf(`(${value})::uuid`)).join(', ');
    // Only what is a UUID is cast.
    const title = `CASE WHEN ${value} ~ ${AN_ID} THEN coalesce(${found}) END`;
    return `'${side}', coalesce(to_jsonb((${title})::text), field.value -> '${side}')`;
  };
  const cases = titles.map(
    ([field, readers]) =>
      `WHEN '${field}' THEN jsonb_build_object(${shown('from', readers)}, ${shown('to', readers)})`,
  );
  const names = titles.map(([field]) => `'${field}'`).join(', ');
  return `CASE WHEN ${changes} ?| ARRAY[${names}] THEN (
    SELECT jsonb_object_agg(field.key, CASE field.key ${cases.join(' ')} ELSE field.value END)
    FROM jsonb_each(${changes}) field) ELSE ${changes} END`;
}
