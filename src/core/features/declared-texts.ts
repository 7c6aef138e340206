import type { TextKey } from '../i18n/text-keys.js';
import type { FeatureDeclaration } from './feature.js';
import type { AuditKind } from './names.js';
import { auditDeclaredBy, auditFieldOwner, declaredBy, merged, mergedAudit } from './registry.js';

type Named = Pick<FeatureDeclaration, 'name'>;

/** Keys of the texts of what a feature declares. They are in its own file, `i18n/<language>/<feature>.json`. */
export const TEXTS = {
  permission: ({ name }: Named, permission: string) =>
    `${name}.permissions.${permission.replace(':', '_')}`,
  mailSubject: ({ name }: Named, mail: string) =>
    `${name}.mail.${mail.replaceAll('-', '_')}.subject`,
  notification: ({ name }: Named, kind: string, part: 'text' | 'label') =>
    `${name}.notifications.${kind}.${part}`,
  audit: ({ name }: Named, part: 'kinds' | 'actions' | 'fields', declared: string) =>
    `${name}.audit.${part}.${declared}`,
};

/** What an API key with this scope may do; none when no feature declares the permission any more. */
export function permissionText(permission: string): TextKey | undefined {
  if (!merged('permissions').has(permission)) return undefined;
  return TEXTS.permission(declaredBy('permissions', permission), permission) as TextKey;
}

export function mailSubject(mail: string): TextKey {
  return TEXTS.mailSubject(declaredBy('mails', mail), mail) as TextKey;
}

/** The sentence of a kind of notification, or what the kind is called; none when no feature declares it any more. */
export function notificationText(kind: string, part: 'text' | 'label'): TextKey | undefined {
  if (!merged('notifications').has(kind)) return undefined;
  return TEXTS.notification(declaredBy('notifications', kind), kind, part) as TextKey;
}

export function auditKindText(kind: AuditKind): TextKey {
  return TEXTS.audit(auditDeclaredBy('kinds', kind), 'kinds', kind) as TextKey;
}

/** The sentence of an action of the audit trail; none when no feature declares it any more. */
export function auditActionText(action: string): TextKey | undefined {
  if (!mergedAudit('actions').has(action)) return undefined;
  return TEXTS.audit(auditDeclaredBy('actions', action), 'actions', action) as TextKey;
}

/** The label of a field that `action` recorded; none when no feature declares it any more. */
export function auditFieldText(field: string, action?: string): TextKey | undefined {
  const owner = auditFieldOwner(field, action);
  return owner && (TEXTS.audit(owner, 'fields', field) as TextKey);
}
