import type { AuditAction, AuditKind } from '../core/features/names.js';
import { mergedAudit } from '../core/features/registry.js';

export function isAuditAction(action: string): action is AuditAction {
  return mergedAudit('actions').has(action);
}

export function kindOf(action: string): AuditKind | null {
  return (mergedAudit('actions').get(action)?.kind as AuditKind | undefined) ?? null;
}

/** The icon of what an action is about; one that no feature declares any more has a plain one. */
export function iconOf(action: string): string {
  const kind = kindOf(action);
  return (kind && mergedAudit('kinds').get(kind)?.icon) ?? 'info';
}

export function actionsOf(kind: AuditKind): AuditAction[] {
  return namesOf(({ kind: own }) => own === kind);
}

/**
 * What everybody in an organisation may read on the dashboard: who signed in when is not everybody's
 * business. The index `idx_audit_entry_shared` holds exactly these: one more is a migration too.
 */
export function sharedActions(): AuditAction[] {
  return namesOf(({ isShared }) => isShared === true);
}

function namesOf(isMeant: (action: { kind: string; isShared?: true }) => boolean): AuditAction[] {
  const all = [...mergedAudit('actions')].filter(([, action]) => isMeant(action));
  return all.map(([name]) => name as AuditAction);
}
