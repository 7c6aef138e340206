import { HintField, PasswordField } from '../../core/http/forms/fields.js';
import { ZONE_NAME } from '../../reference/timezone.entity.js';

/** `POST /invite/accept/<token>/` of somebody who has no account yet. */
export class AcceptForm {
  /** `PASSWORD_MIN_LENGTH` (12) characters to 72 bytes; see `passwordProblem`. */
  @PasswordField() password: string;
  /** The password repeated. */
  @PasswordField() password_confirm: string;
  /** `1`: takes the address from an account that never verified it. */
  @HintField(/^1$/) take_over?: string;
  /** IANA zone of the browser. */
  @HintField(ZONE_NAME) tz_detect?: string;
}
