import { NewPasswordDto, ResetRequestDto } from '../sign-in/account.dto.js';

/** `POST /password-reset/`. */
export class ResetRequestForm extends ResetRequestDto {}

/** `POST /password-reset/confirm/<token>/`. */
export class ResetConfirmForm extends NewPasswordDto {}
