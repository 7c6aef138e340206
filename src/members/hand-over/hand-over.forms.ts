import { RowField } from '../../core/http/forms/value-fields.js';

/** `POST /settings/hand-over/` and `POST /api/v1/tenant/hand-over` */
export class HandOverForm {
  /** The id of an active member of the organisation. */
  @RowField({}, 'members.errors.unknown') member_id: string;
}
