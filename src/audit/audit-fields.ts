import type { AuditFieldDeclaration } from '../core/features/feature.js';
import { auditFieldOwner } from '../core/features/registry.js';
import type { AuditChanges } from './audit-entry.entity.js';
import { mask } from './mask.js';

/** How `action` records the field; undefined when no feature declares it. */
export function fieldDeclaration(
  field: string,
  action?: string,
): AuditFieldDeclaration | undefined {
  return auditFieldOwner(field, action)?.audit?.fields?.[field];
}

/** Names (snake case) of changed fields that no feature declares. */
export function undeclared(changes: AuditChanges): string[] {
  return Object.keys(changes).filter((field) => !fieldDeclaration(field));
}

/**
 * Applies the declared recording of each field. Idempotent for masked values; undeclared fields lose their
 * values.
 */
export function asDeclared(changes: AuditChanges, action: string): AuditChanges {
  return Object.fromEntries(
    Object.entries(changes).map(([field, { from, to }]) => {
      const declared = fieldDeclaration(field, action);
      const how = typeof declared === 'object' ? 'plain' : (declared ?? 'undeclared');
      return [field, { from: RECORDED[how](from), to: RECORDED[how](to) }];
    }),
  );
}

const RECORDED: Record<'plain' | 'masked' | 'undeclared', (value: unknown) => unknown> = {
  plain: withoutAddress,
  masked: (value) => (typeof value === 'string' ? mask(value) : blotted(value)),
  undeclared: blotted,
};

/** Masks e-mail addresses in a value, whatever the field is called. */
export function withoutAddress<T>(value: T): T | string {
  return typeof value === 'string' && /^\S+@\S+\.\S+$/.test(value) ? mask(value) : value;
}

function blotted(value: unknown): unknown {
  return value === null || value === undefined ? null : '…';
}
