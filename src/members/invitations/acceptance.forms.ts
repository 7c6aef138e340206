import { HintField, PasswordField } from '../../core/http/forms/fields.js';

/** `POST /invite/accept/<token>/` of somebody who has no account yet. */
export class AcceptForm {
  /** 8 characters to 72 bytes; see `passwordProblem`. */
  @PasswordField() password: string;
  /** The same once more. */
  @PasswordField() password_confirm: string;
  /** `1`: an account that has the address and never proved it gives it up. */
  @HintField(/^1$/) take_over?: string;
}
