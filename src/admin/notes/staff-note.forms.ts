import { VersionField } from '../../core/http/forms/fields.js';
import { MultilineField } from '../../core/http/forms/value-fields.js';

/** Characters of a note at most. */
export const LONGEST_NOTE = 4000;

export class NoteForm {
  @MultilineField({ max: LONGEST_NOTE }) text: string;
}

/** `version`: the version the form was filled in from. */
export class ChangeNoteForm extends NoteForm {
  @VersionField() version: number = 0;
}
