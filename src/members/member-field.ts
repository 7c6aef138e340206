import { RowField, type Presence } from '../core/http/forms/value-fields.js';

/** The id of a member, as the API lists them. Whether there is such a member: `MemberOptions.require`. */
export function MemberField(presence: Presence = {}) {
  return RowField(presence, 'members.errors.unknown');
}
