import type { TextKey } from '../i18n/text-keys.js';
import type { FeatureDeclaration } from './feature.js';
import type { AuditKind } from './names.js';
import { auditDeclaredBy, declaredBy, merged, mergedAudit } from './registry.js';

type Named = Pick<FeatureDeclaration, 'name'>;

/** Keys of the texts of what a feature declares. They are in its own file, `i18n/<language>/<feature>.json`. */
export const TEXTS = {
  permission: ({ name }: Named, permission: string) =>
    `${name}.permissions.${permission.replace(':', '_')}`,
  mailSubject: ({ name }: Named, mail: string) =>
    `${name}.mail.${mail.replaceAll('-', '_')}.subject`,
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

export function auditKindText(kind: AuditKind): TextKey {
  return TEXTS.audit(auditDeclaredBy('kinds', kind), 'kinds', kind) as TextKey;
}

/** The text of an action or field of the audit trail; none when no feature declares it any more. */
export function auditText(part: 'actions' | 'fields', declared: string): TextKey | undefined {
  if (!mergedAudit(part).has(declared)) return undefined;
  return TEXTS.audit(auditDeclaredBy(part, declared), part, declared) as TextKey;
}
