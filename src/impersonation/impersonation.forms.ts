import { ChoiceField, TextField } from '../core/http/forms/fields.js';

export const ACTING_MINUTES = ['15', '30', '60'] as const;
export const ACTING_MODES = ['look', 'change'] as const;

/** `POST /admin/users/<id>/act/`. */
export class ActForm {
  /** The organisation reads it too. */
  @TextField({ min: 10, max: 500 }) reason: string;
  @ChoiceField(ACTING_MINUTES) minutes: (typeof ACTING_MINUTES)[number];
  @ChoiceField(ACTING_MODES) mode: (typeof ACTING_MODES)[number];
}
