import { DomainError } from '../../errors/domain-error.js';
import { actsAsAdmin, type Actor } from '../../context/principal.js';

/**
 * For what admins do. The request's own account of the actor: what changes who is an admin asks the
 * database again, see `MembersService.requireAdmin`. @throws DomainError `forbidden`
 */
export function requireAdmin(actor: Actor): void {
  if (!actsAsAdmin(actor)) throw new DomainError('forbidden', 'errors.admins_only');
}
