import { CheckboxField, HintField, NextField } from '../core/http/fields.js';
import { SettingsDto } from '../tenants/tenant.dto.js';

/** `POST /settings/users/`: one form for every act; `action` says which, and what else it needs. */
export class UsersForm {
  @HintField(/^[a-z_]{1,20}$/) action?: string;
  /** `invite`: one or several addresses, separated by commas, semicolons, spaces or lines. */
  @HintField(/^.{0,20000}$/s) email?: string;
  /** `invite`, `set_role` */
  @HintField(/^[a-z]{1,20}$/) role?: string;
  /** `promote`, `set_role`, `deactivate`, `reengage` */
  @HintField(/^.{1,100}$/) profile_id?: string;
  /** `resend`, `cancel` */
  @HintField(/^.{1,100}$/) invitation_id?: string;
  @NextField() next?: string;
}

/** `POST /settings/general/` */
export class GeneralForm extends SettingsDto {
  @CheckboxField() remove_logo: boolean = false;
  /** The version of the settings the form was opened with. */
  @HintField(/^\d{1,9}$/) version?: string;
}
