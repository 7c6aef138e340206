import { ImpersonationRefusal } from '../../errors/impersonation-refusal.js';
import { isApiKey, type Actor } from '../../context/principal.js';

/**
 * For what makes an admin: staff who act on somebody's behalf may not, since the role would outlast their
 * hour. Routes that are out of their reach as a whole declare `@DenyImpersonation()`. @throws ImpersonationRefusal
 */
export function requireInPerson(actor: Actor): void {
  if (!isApiKey(actor) && actor.impersonator) throw new ImpersonationRefusal('admin_role');
}
