import { OnBehalfRefusal } from '../../errors/on-behalf-refusal.js';
import { isMachine, type Actor } from '../../context/principal.js';

/**
 * For what makes an admin: staff who act on somebody's behalf may not, since the role would outlast their
 * hour. Routes that are out of their reach as a whole declare `@NotOnBehalf()`. @throws OnBehalfRefusal
 */
export function requireInPerson(actor: Actor): void {
  if (!isMachine(actor) && actor.actedBy) throw new OnBehalfRefusal('admin_role');
}
