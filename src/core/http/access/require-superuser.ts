import { DomainError } from '../../errors/domain-error.js';
import type { Principal } from '../../context/principal.js';

/** Requires a superuser; other staff only read. @throws DomainError `forbidden` */
export function requireSuperuser({ isStaff, isSuperuser }: Principal): void {
  if (!isStaff || !isSuperuser) throw new DomainError('forbidden', 'errors.superusers_only');
}
