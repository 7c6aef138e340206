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

/** The fields, in snake case, of which nobody has said how they are recorded. */
export function undeclared(changes: AuditChanges): string[] {
  return Object.keys(changes).filter((field) => !isAuditField(field));
}

/** As declared: what is masked twice reads as masked once, and what is not declared tells nothing. */
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

/** Whatever the field is called, an e-mail address is never recorded whole. */
export function withoutAddress<T>(value: T): T | string {
  return typeof value === 'string' && /^\S+@\S+\.\S+$/.test(value) ? mask(value) : value;
}

function blotted(value: unknown): unknown {
  return value === null || value === undefined ? null : '…';
}
