import { HintField, NextField } from '../../core/http/forms/fields.js';
import { CredentialsDto, RegisterDto } from './account.dto.js';
import { ZONE_NAME } from '../../reference/timezone.entity.js';

/** `POST /register/`. */
export class RegisterForm extends RegisterDto {
  /** IANA zone of the browser. */
  @HintField(ZONE_NAME) tz_detect?: string;
  /** BCP 47 tag, from `navigator.language`. */
  @HintField(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$/) lang_detect?: string;
  /** ISO 3166-1 alpha-2, the region of that tag. */
  @HintField(/^[A-Za-z]{2}$/) country_detect?: string;
}

/** `POST /login/`. */
export class LoginForm extends CredentialsDto {
  @NextField() next?: string;
  /** Form input from before the session ended; see `Drafts`. */
  @HintField(/^[\w-]{1,400000}$/) draft?: string;
}
