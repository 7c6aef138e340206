import {
  CheckboxField,
  EmailField,
  PasswordField,
  SeenVersionField,
} from '../core/http/forms/fields.js';
import { ChangePasswordDto } from '../users/sign-in/account.dto.js';
import { ProfileDto } from './profile.dto.js';

/** `POST /profile/`. */
export class ProfileForm extends ProfileDto {
  @CheckboxField() remove_avatar: boolean = false;
  /** The version of the profile the form was opened with. */
  @SeenVersionField() version?: number;
}

/** `POST /profile/email/`. */
export class ChangeEmailForm {
  @EmailField() email: string;
  @PasswordField() password: string;
}

/** `POST /profile/password/`. */
export class ChangePasswordForm extends ChangePasswordDto {}

/** `POST /profile/deactivate/`. */
export class DeactivateForm {
  @PasswordField() password: string;
}
