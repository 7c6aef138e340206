import type { AuditActionDeclaration } from '../core/features/feature.js';
import type { AuditAction, AuditKind } from '../core/features/names.js';
import { mergedAudit } from '../core/features/registry.js';

export function isAuditAction(action: string): action is AuditAction {
  return mergedAudit('actions').has(action);
}

export function actionDeclaration(action: string): AuditActionDeclaration | undefined {
  return mergedAudit('actions').get(action);
}

export function kindOf(action: string): AuditKind | null {
  return (mergedAudit('actions').get(action)?.kind as AuditKind | undefined) ?? null;
}

/** The icon of an action's kind; a generic one when no feature declares the action any more. */
export function iconOf(action: string): string {
  const kind = kindOf(action);
  return (kind && mergedAudit('kinds').get(kind)?.icon) ?? 'info';
}

export function actionsOf(kind: AuditKind): AuditAction[] {
  return namesOf(({ kind: own }) => own === kind);
}

/**
 * The actions that all members may read on the dashboard; sign-ins are not among them. The index
 * `idx_audit_entry_shared` covers exactly these: adding one takes a migration.
 */
export function sharedActions(): AuditAction[] {
  return namesOf(({ isShared }) => isShared === true);
}

function namesOf(isMeant: (action: AuditActionDeclaration) => boolean): AuditAction[] {
  const all = [...mergedAudit('actions')].filter(([, action]) => isMeant(action));
  return all.map(([name]) => name as AuditAction);
}
