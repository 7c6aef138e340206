import { API_SCOPES, type ApiScope } from '../core/context/api-scopes.js';
import type { Role } from '../core/context/principal.js';
import {
  CheckboxField,
  ChoiceField,
  ChoicesField,
  HintField,
  NextField,
  TextField,
} from '../core/http/forms/fields.js';
import { SettingsDto } from '../tenants/tenant.dto.js';

const ROLES = ['admin', 'member'] as const;

/** Where the act was done: the list, with its filters. */
class FromList {
  @NextField() next?: string;
}

class InviteForm extends FromList {
  /** One or several addresses, separated by commas, semicolons, spaces or lines. */
  @HintField(/^.{0,20000}$/s) email?: string;
  @ChoiceField(ROLES) role: Role;
}

/** An act on a member; an id that is none is nobody's. */
class MemberForm extends FromList {
  @HintField(/^.{1,100}$/) profile_id?: string;
}

class RoleForm extends MemberForm {
  @ChoiceField(ROLES) role: Role;
}

class InvitationForm extends FromList {
  @HintField(/^.{1,100}$/) invitation_id?: string;
}

/** `POST /settings/users/`, by `action`. */
export const USERS_FORMS = {
  invite: InviteForm,
  promote: MemberForm,
  set_role: RoleForm,
  deactivate: MemberForm,
  reengage: MemberForm,
  resend: InvitationForm,
  cancel: InvitationForm,
} as const;

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
