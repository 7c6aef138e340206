import { EmailField, PasswordField, TokenField } from '../../core/http/forms/fields.js';

/** E-mail address and password, for sign-in and registration. */
export class CredentialsDto {
  @EmailField() email: string;
  @PasswordField() password: string;
}

/** A new account. The password has `PASSWORD_MIN_LENGTH` (12) characters to 72 bytes; see `passwordProblem`. */
export class RegisterDto extends CredentialsDto {}

export class ResetRequestDto {
  @EmailField() email: string;
}

/** A new password of `PASSWORD_MIN_LENGTH` (12) characters to 72 bytes; see `passwordProblem`. */
export class NewPasswordDto {
  @PasswordField() password: string;
}

/** A new password with the token of the mailed link. */
export class ResetConfirmDto extends NewPasswordDto {
  @TokenField() token: string;
}

export class RefreshDto {
  @TokenField() refresh_token: string;
}

export class ChangePasswordDto {
  @PasswordField() current_password: string;
  /** `PASSWORD_MIN_LENGTH` (12) characters to 72 bytes; see `passwordProblem`. */
  @PasswordField() new_password: string;
}
