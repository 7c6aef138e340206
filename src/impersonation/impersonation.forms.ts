import { ChoiceField, TextField } from '../core/http/forms/fields.js';

export const IMPERSONATION_MINUTES = ['15', '30', '60'] as const;
export const IMPERSONATION_MODES = ['look', 'change'] as const;

/** `POST /admin/users/<id>/act/`. */
export class ImpersonationForm {
  /** Visible to the organisation. */
  @TextField({ min: 10, max: 500 }) reason: string;
  @ChoiceField(IMPERSONATION_MINUTES) minutes: (typeof IMPERSONATION_MINUTES)[number];
  @ChoiceField(IMPERSONATION_MODES) mode: (typeof IMPERSONATION_MODES)[number];
}
