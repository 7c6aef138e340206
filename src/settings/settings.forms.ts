import { API_SCOPES, type ApiScope } from '../core/context/api-scopes.js';
import {
  CheckboxField,
  ChoiceField,
  ChoicesField,
  HintField,
  NextField,
  TextField,
} from '../core/http/fields.js';
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

/** For how long a key may work: days, or until it is revoked. */
export const KEY_LIFETIMES = ['30', '90', '365', 'unlimited'] as const;

/** `POST /settings/api/` */
export class ApiKeyForm {
  /** 1–100 characters. */
  @TextField({ max: 100 }) name: string;
  @ChoicesField(API_SCOPES) scopes: ApiScope[] = [];
  @ChoiceField(KEY_LIFETIMES) lifetime: (typeof KEY_LIFETIMES)[number] = '90';
}
