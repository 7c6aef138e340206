import type { AuditFieldDeclaration } from '../core/features/feature.js';
import type { AuditField } from '../core/features/names.js';
import { mergedAudit } from '../core/features/registry.js';
import type { AuditChanges } from './audit-entry.entity.js';
import { mask } from './mask.js';

export function isAuditField(field: string): field is AuditField {
  return mergedAudit('fields').has(field);
}

export function fieldDeclaration(field: string): AuditFieldDeclaration | undefined {
  return mergedAudit('fields').get(field);
}

/** Names (snake case) of changed fields that no feature declares. */
export function undeclared(changes: AuditChanges): string[] {
  return Object.keys(changes).filter((field) => !isAuditField(field));
}

/**
 * Applies the declared recording of each field. Idempotent for masked values; undeclared fields lose their
 * values.
 */
export function asDeclared(changes: AuditChanges): AuditChanges {
  return Object.fromEntries(
    Object.entries(changes).map(([field, { from, to }]) => {
      const declared = fieldDeclaration(field);
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
