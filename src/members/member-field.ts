import { Matches } from 'class-validator';
import { says } from '../core/http/forms/fields.js';
import { valueField, type Presence } from '../core/http/forms/value-fields.js';
import { UUID } from '../core/utils/uuid.js';

/** The id of a member, as the API lists them. Whether there is such a member: `MemberOptions.require`. */
export function MemberField(presence: Presence = {}) {
  return valueField(presence, { type: 'string', format: 'uuid' }, (text) => text.toLowerCase(), [
    Matches(UUID, says('members.errors.unknown')),
  ]);
}
