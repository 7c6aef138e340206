import { NextField } from '../../core/http/forms/fields.js';
import { IdsField } from '../../core/http/forms/many-fields.js';

/** Maximum number of rows of one action. */
export const ROWS_AT_ONCE = 100;

class ManyMembersForm {
  @IdsField({ max: ROWS_AT_ONCE }) profile_id: string[];
  /** The list to return to, with its filters. */
  @NextField() next?: string;
}

class ManyInvitationsForm {
  @IdsField({ max: ROWS_AT_ONCE }) invitation_id: string[];
  @NextField() next?: string;
}

/** `/settings/users/bulk/`, by `action`. */
export const BULK_FORMS = {
  deactivate: ManyMembersForm,
  reengage: ManyMembersForm,
  make_admin: ManyMembersForm,
  make_member: ManyMembersForm,
  resend: ManyInvitationsForm,
  cancel: ManyInvitationsForm,
} as const;

export type BulkAction = keyof typeof BULK_FORMS;
