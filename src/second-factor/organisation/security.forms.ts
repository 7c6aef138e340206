import { ChoiceField, OptionalDateField, SeenVersionField } from '../../core/http/forms/fields.js';

export const POLICIES = ['optional', 'required'] as const;

/** `POST /settings/security/`. */
export class SecurityForm {
  @ChoiceField(POLICIES) policy: (typeof POLICIES)[number];
  /** The day from which it is required (UTC); blank: today. */
  @OptionalDateField() from: string | null;
  @SeenVersionField() version?: number;
}
