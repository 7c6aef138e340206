import type { RecordedDeed } from '../../audit/audit-trail.service.js';
import { PAYLOAD_VERSION } from './event-catalogue.js';

/** The body of a webhook (Standard Webhooks): which event, when, and about what. */
export interface WebhookPayload {
  type: string;
  /** ISO 8601. */
  timestamp: string;
  version: number;
  data: {
    organization_id: string;
    /** What it is about: `project`, `user`, `invitation`, `tenant`. */
    object: string;
    id: string | null;
    /** Its name at that time, as all members see it on the dashboard: addresses are masked. */
    name: string | null;
    /** Names of the fields that changed, in alphabetical order; null where the event is about no fields. */
    changed_fields: string[] | null;
    actor: { kind: 'person' | 'key' | 'system'; id: string | null };
  };
}

/** What happened; a test is no action of the trail. */
type Happening = Omit<RecordedDeed, 'action' | 'tenantId'> & { action: string; tenantId: string };

/** A thin payload: receivers read the rest from the API, with the scopes of their own key. Below 20 kB. */
export function payloadOf(deed: Happening, at: Date): WebhookPayload {
  return {
    type: deed.action,
    timestamp: at.toISOString(),
    version: PAYLOAD_VERSION,
    data: {
      organization_id: deed.tenantId,
      object: deed.subjectKind,
      id: deed.subjectId,
      name: deed.subjectName?.slice(0, 254) ?? null,
      changed_fields: deed.changes && Object.keys(deed.changes).sort().slice(0, 100),
      actor: { kind: deed.actorKind, id: deed.actorId },
    },
  };
}
