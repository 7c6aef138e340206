import type { Actor } from '../../core/context/principal.js';
import type { AuditAction, Permission } from '../../core/features/names.js';
import { mergedAudit } from '../../core/features/registry.js';
import { may } from '../../core/http/access/require-permission.js';

/** Sent on request to see whether an endpoint works; nobody chooses it. */
export const PING = 'webhook.ping';

/** The version of all payloads. A change that receivers have to know of takes a new one. */
export const PAYLOAD_VERSION = 1;

/** The types an endpoint can be sent, in alphabetical order: shared actions with `eventNeeds`. */
export function eventTypes(): readonly AuditAction[] {
  const all = [...mergedAudit('actions')].filter(([, { eventNeeds }]) => eventNeeds !== undefined);
  return all.map(([type]) => type as AuditAction).sort();
}

export function isEventType(type: string): type is AuditAction {
  return mergedAudit('actions').get(type)?.eventNeeds !== undefined;
}

/** Whether this actor may choose the event: an API key needs the scope to read what it is about. */
export function mayChoose(actor: Actor, type: string): boolean {
  const needed = mergedAudit('actions').get(type)?.eventNeeds;
  return needed !== undefined && may(actor, needed as Permission);
}

/** Whether this actor may see what was sent: who could choose the event, and of a test everybody. */
export function mayRead(actor: Actor, type: string): boolean {
  return type === PING || mayChoose(actor, type);
}
