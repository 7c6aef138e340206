import { CheckboxField, HintField } from '../core/http/forms/fields.js';
import { SettingsDto } from './tenant.dto.js';

/** `POST /settings/general/` */
export class GeneralForm extends SettingsDto {
  @CheckboxField() remove_logo: boolean = false;
  /** The version of the settings that the form was filled in from. */
  @HintField(/^\d{1,9}$/) version?: string;
}
