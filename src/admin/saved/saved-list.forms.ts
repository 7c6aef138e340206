import { CheckboxField, NameField, OptionalTextField } from '../../core/http/forms/fields.js';

export class SavedListForm {
  @NameField({ max: 60 }) name: string;
  /** For all staff. */
  @CheckboxField() is_shared: boolean = false;
}

export class NewSavedListForm extends SavedListForm {
  /** What stands after `?` in the address of the list. */
  @OptionalTextField({ max: 2000 }) query: string | null = null;
}
