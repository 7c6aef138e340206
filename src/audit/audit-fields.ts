import type { AuditChanges } from './audit-entry.entity.js';
import { mask } from './mask.js';

/**
 * The fields an entry may tell before and after of, as they are named in forms, and how they are recorded:
 * `plain`, or `masked` where a value tells of a person. A field that is not declared here is not recorded.
 * A new one is a line here and a word in each language, without which the presenter does not compile.
 */
export const AUDIT_FIELDS = {
  unrecorded: 'plain',
  organization: 'plain',
  logo: 'plain',
  currency: 'plain',
  timezone: 'plain',
  language: 'plain',
  country: 'plain',
  role: 'plain',
  is_active: 'plain',
  sessions: 'plain',
  email: 'masked',
  display_name: 'masked',
  avatar_key: 'plain',
  theme: 'plain',
  marketing_emails: 'plain',
  profile_completed_at: 'plain',
  name: 'plain',
  description: 'plain',
  status: 'plain',
  due_date: 'plain',
  kid: 'plain',
  is_on: 'plain',
  percent: 'plain',
  unit: 'plain',
  scopes: 'plain',
  expires_at: 'plain',
  is_staff: 'plain',
  is_superuser: 'plain',
  reason: 'plain',
  until: 'plain',
  may_write: 'plain',
  members: 'plain',
  api_keys: 'plain',
  invitations: 'plain',
} as const satisfies Record<string, Recording>;

type Recording = 'plain' | 'masked';

export type AuditField = keyof typeof AUDIT_FIELDS;

export function isAuditField(field: string): field is AuditField {
  return Object.hasOwn(AUDIT_FIELDS, field);
}

/** The fields, in snake case, of which nobody has said how they are recorded. */
export function undeclared(changes: AuditChanges): string[] {
  return Object.keys(changes).filter((field) => !isAuditField(field));
}

/** As declared: what is masked twice reads as masked once, and what is not declared tells nothing. */
export function asDeclared(changes: AuditChanges): AuditChanges {
  return Object.fromEntries(
    Object.entries(changes).map(([field, { from, to }]) => {
      const how = isAuditField(field) ? AUDIT_FIELDS[field] : 'undeclared';
      return [field, { from: RECORDED[how](from), to: RECORDED[how](to) }];
    }),
  );
}

const RECORDED: Record<Recording | 'undeclared', (value: unknown) => unknown> = {
  plain: withoutAddress,
  masked: (value) => (typeof value === 'string' ? mask(value) : blotted(value)),
  undeclared: blotted,
};

/** Whatever the field is called, an e-mail address is never recorded whole. */
export function withoutAddress<T>(value: T): T | string {
  return typeof value === 'string' && /^\S+@\S+\.\S+$/.test(value) ? mask(value) : value;
}

function blotted(value: unknown): unknown {
  return value === null || value === undefined ? null : '…';
}
