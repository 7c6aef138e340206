import type { Role } from '../core/context/principal.js';
import { ChoiceField, HintField, NextField } from '../core/http/forms/fields.js';

export const ROLES = ['admin', 'member'] as const;

/** The list to return to, with its filters. */
class FromList {
  @NextField() next?: string;
}

class InviteForm extends FromList {
  /** Addresses, separated by commas, semicolons, spaces or lines; those of the file `file` are added. */
  @HintField(/^.{0,60000}$/s) email?: string;
  @ChoiceField(ROLES) role: Role;
  /** So many seats were agreed to, where more are needed than are paid for. */
  @HintField(/^\d{1,6}$/) seats?: string;
}

/** An action on a member; an invalid id matches nobody. */
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
export const MEMBERS_FORMS = {
  invite: InviteForm,
  promote: MemberForm,
  set_role: RoleForm,
  deactivate: MemberForm,
  reengage: MemberForm,
  resend: InvitationForm,
  cancel: InvitationForm,
} as const;

/** `POST /settings/users/invitations/<id>/undo/`. */
export class RestoreInvitationForm {
  /** The moment of the cancellation, as the database writes it. */
  @HintField(/^.{1,40}$/) cancelled_at?: string;
}
