/**
 * Everything that leaves an entry, and the kind people filter by. A new action is a line here and a
 * sentence in each language. i18n-uses: audit.actions.*
 * i18n-ignore: profile.updated
 */
export const AUDIT_ACTIONS = {
  'tenant.created': 'organisation',
  'tenant.updated': 'organisation',
  'tenant.closed': 'organisation',
  'member.joined': 'members',
  'member.role_changed': 'members',
  'member.deactivated': 'members',
  'member.reengaged': 'members',
  'invitation.created': 'members',
  'invitation.resent': 'members',
  'invitation.cancelled': 'members',
  'invitation.accepted': 'members',
  'sign_in.succeeded': 'access',
  'sign_in.failed': 'access',
  'session.signed_out': 'access',
  'session.ended': 'access',
  'session.compromised': 'access',
  'password.changed': 'access',
  'password.reset': 'access',
  'email.verified': 'access',
  'email.changed': 'access',
  'account.created': 'accounts',
  'account.closed': 'accounts',
  'account.claimed': 'accounts',
  'account.released': 'accounts',
  'account.secured': 'accounts',
  'profile.updated': 'accounts',
  'project.created': 'projects',
  'project.changed': 'projects',
  'project.deleted': 'projects',
  'project.restored': 'projects',
  'api_key.created': 'keys',
  'api_key.revoked': 'keys',
  'signing_key.rotated': 'keys',
  'export.requested': 'data',
  'export.downloaded': 'data',
  'staff.promoted': 'operator',
  'flag.changed': 'operator',
  'impersonation.started': 'operator',
  'impersonation.ended': 'operator',
  'record.changed': 'operator',
  'record.deactivated': 'operator',
  'record.restored': 'operator',
  'job.retried': 'operator',
} as const;

export type AuditAction = keyof typeof AUDIT_ACTIONS;
export type AuditKind = (typeof AUDIT_ACTIONS)[AuditAction];
export const AUDIT_KINDS: readonly AuditKind[] = [...new Set(Object.values(AUDIT_ACTIONS))];

/**
 * What everybody in an organisation may read on the dashboard: who signed in when is not everybody's
 * business. The index of migration `shared-activity` holds exactly these: one more is a migration too.
 */
export const SHARED_ACTIONS: readonly AuditAction[] = [
  'tenant.created',
  'tenant.updated',
  'member.joined',
  'member.role_changed',
  'member.deactivated',
  'member.reengaged',
  'invitation.created',
  'invitation.resent',
  'invitation.cancelled',
  'invitation.accepted',
  'account.closed',
  'project.created',
  'project.changed',
  'project.deleted',
  'project.restored',
];
