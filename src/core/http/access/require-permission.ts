import { isApiKey, type Actor } from '../../context/principal.js';
import { DomainError } from '../../errors/domain-error.js';
import type { Permission } from '../../features/names.js';
import { permissionsOf } from '../../features/registry.js';

/** Whether this actor has the permission: an API key by its scopes, a person by their role. */
export function may(actor: Actor, permission: Permission): boolean {
  if (isApiKey(actor)) return actor.scopes.includes(permission);
  const { role, profileActive } = actor;
  return profileActive && role !== null && permissionsOf(role).includes(permission);
}

/**
 * Checks by the actor as read at the start of the request; changes of admins ask the database again, see
 * `MembersService.requireAdmin`.
 * @throws DomainError `forbidden`
 */
export function requirePermission(actor: Actor, permission: Permission): void {
  if (!may(actor, permission)) throw new DomainError('forbidden', 'errors.admins_only');
}
