import { ImpersonationRefusal } from '../../errors/impersonation-refusal.js';
import { isApiKey, type Actor } from '../../context/principal.js';

/**
 * Refuses making an admin during impersonation, since the role would outlast the session. Routes that
 * impersonation cannot use at all declare `@DenyImpersonation()`.
 * @throws ImpersonationRefusal
 */
export function requireInPerson(actor: Actor): void {
  if (!isApiKey(actor) && actor.impersonator) throw new ImpersonationRefusal('admin_role');
}
