import {
  CheckboxField,
  OptionalDateField,
  OptionalTextField,
  TextField,
  VersionField,
} from '../../core/http/forms/fields.js';
import { DomainError } from '../../core/errors/domain-error.js';
import type { Decidable } from './overrides.service.js';

/** The highest limit that can be decided; more is without end. */
const MOST = 1_000_000;

/** `POST /admin/tenants/<id>/entitlements/<name>/` */
export class OverrideForm {
  /** `on` or `off`; of a limit, a whole number. */
  @OptionalTextField({ max: 20 }) value: string | null = null;
  /** Of a limit: without end, whatever the number says. */
  @CheckboxField() unlimited: boolean = false;
  /** The last day, in UTC; null: for good. */
  @OptionalDateField() until: string | null = null;
  /** For staff only: the organisation does not see it. */
  @TextField({ min: 3, max: 500 }) reason: string;
  @VersionField() version: number = 0;
}

/** What is stored: 0 or 1, a number, or null for a limit without end. @throws DomainError `invalid` */
export function amountOf(
  kind: Decidable['kind'],
  { value, unlimited }: OverrideForm,
): number | null {
  if (kind === 'entitlement') {
    if (value === 'on' || value === 'off') return value === 'on' ? 1 : 0;
    throw new DomainError('invalid', 'validation.choice', { field: 'value' });
  }
  if (unlimited) return null;
  const amount = /^\d{1,7}$/.test(value ?? '') ? Number(value) : NaN;
  if (amount <= MOST) return amount;
  const args = { min: 0, max: MOST };
  throw new DomainError('invalid', 'validation.whole_number', { field: 'value', args });
}

/** What was decided, as the form has it. */
export function valuesOf({ kind, decided }: Decidable): Record<string, string> {
  if (!decided) return { value: kind === 'entitlement' ? 'on' : '' };
  const { amount, until, reason } = decided;
  const number = amount === null ? '' : String(amount);
  return {
    value: kind === 'limit' ? number : amount === 0 ? 'off' : 'on',
    unlimited: kind === 'limit' && amount === null ? '1' : '',
    until: until && !decided.isOver ? until.toISOString().slice(0, 10) : '',
    reason,
  };
}

/** The end of a day. */
export function endOf(day: string | null): Date | null {
  return day === null ? null : new Date(`${day}T23:59:59.999Z`);
}
