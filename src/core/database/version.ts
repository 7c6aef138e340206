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
