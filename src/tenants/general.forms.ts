import { CheckboxField, SeenVersionField } from '../core/http/forms/fields.js';
import { SettingsDto } from './tenant.dto.js';

/** `POST /settings/general/` */
export class GeneralForm extends SettingsDto {
  @CheckboxField() remove_logo: boolean = false;
  /** The version of the settings that the form was filled in from. */
  @SeenVersionField() version?: number;
}
