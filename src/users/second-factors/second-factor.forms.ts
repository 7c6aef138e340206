import {
  HintField,
  NextField,
  PasswordField,
  ProofField,
  TokenField,
} from '../../core/http/forms/fields.js';

/** What a person shows: the field of one second factor. Passkeys need a page, and are fields of forms only. */
export class FactorProofDto {
  /** Six digits of the authenticator app; spaces are ignored. */
  @ProofField({ max: 20, example: '123456' }) code?: string;
  /** One of the ten recovery codes, each of which works once. */
  @ProofField({ max: 60 }) recovery_code?: string;
}

/** `POST /api/v1/auth/second-factor`. */
export class SecondFactorDto extends FactorProofDto {
  /** `second_factor_token` of the refused sign-in. */
  @TokenField() token: string;
}

/** `POST /api/v1/auth/step-up`: the strongest factor the person has; the password only without a second one. */
export class StepUpDto extends FactorProofDto {
  @PasswordField({ optional: true }) password?: string;
}

/** `POST /login/second-factor/`. */
export class SecondFactorForm extends FactorProofDto {
  /** JSON of `PublicKeyCredential.toJSON()` of a passkey. */
  @ProofField({ max: 16_384 }) passkey?: string;
  @NextField() next?: string;
  /** Form input from before the session ended; see `Drafts`. */
  @HintField(/^[\w-]{1,400000}$/) draft?: string;
}

/** `POST /confirm/`. */
export class StepUpForm extends StepUpDto {
  /** JSON of `PublicKeyCredential.toJSON()` of a passkey. */
  @ProofField({ max: 16_384 }) passkey?: string;
  @NextField() next?: string;
  /** Form input that waits for the confirmation; see `Drafts`. */
  @HintField(/^[\w-]{1,400000}$/) draft?: string;
}
