import { HintField, NextField, PasswordField } from '../../core/http/forms/fields.js';
import {
  CredentialsDto,
  NewPasswordDto,
  RegisterDto,
  ResetRequestDto,
} from './account.dto.js';

/** `POST /register/`. */
export class RegisterForm extends RegisterDto {
  /** IANA zone of the browser. */
  @HintField(/^[A-Za-z][\w+-]*(\/[\w+-]+){0,2}$/) tz_detect?: string;
  /** BCP 47 tag, from `navigator.language`. */
  @HintField(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$/) lang_detect?: string;
  /** ISO 3166-1 alpha-2, the region of that tag. */
  @HintField(/^[A-Za-z]{2}$/) country_detect?: string;
}

/** `POST /login/`. */
export class LoginForm extends CredentialsDto {
  @NextField() next?: string;
  /** What was typed before the session ended; see `Drafts`. */
  @HintField(/^[\w-]{1,400000}$/) draft?: string;
}

/** `POST /password-reset/`. */
export class ResetRequestForm extends ResetRequestDto {}

/** `POST /password-reset/confirm/<token>/`. */
export class ResetConfirmForm extends NewPasswordDto {}

/** `POST /invite/accept/<token>/` of somebody who has no account yet. */
export class AcceptForm {
  /** 8 characters to 72 bytes; see `passwordProblem`. */
  @PasswordField() password: string;
  /** The same once more. */
  @PasswordField() password_confirm: string;
  /** `1`: an account that has the address and never proved it gives it up. */
  @HintField(/^1$/) take_over?: string;
}
