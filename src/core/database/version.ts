import { DomainError } from '../errors/domain-error.js';
import type { TextKey } from '../i18n/text-keys.js';

/** The versions that a change may be based on; undefined: any. */
export type SeenVersions = readonly number[] | undefined;

/**
 * Call it with the locked row: of two concurrent changes based on one version, only one is made.
 * @throws DomainError `stale` when the row has another version
 */
export function requireSeen(
  { version }: { version: number },
  seen: SeenVersions,
  key: TextKey = 'errors.stale',
): void {
  if (seen && !seen.includes(version)) throw new DomainError('stale', key);
}

/** New values of some properties of a row, or what makes them of its values as they are once it is locked. */
export type Changes<D> = Partial<D> | ((before: D) => Partial<D>);

/** The properties of a locked row after its change. */
export function withChanges<D extends object>(before: D, changes: Changes<D>): D {
  return { ...before, ...(typeof changes === 'function' ? changes(before) : changes) };
}
