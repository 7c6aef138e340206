import {
  HintField,
  NextField,
  PasswordField,
  ProofField,
  TokenField,
} from '../../core/http/forms/fields.js';
import { JsonField } from '../../core/http/forms/value-fields.js';
import { AssertionDto, LONGEST_ANSWER } from './passkey-answer.dto.js';

/** What a person shows: the field of one second factor. */
export class FactorProofDto {
  /** Six digits of the authenticator app; spaces are ignored. */
  @ProofField({ max: 20, example: '123456' }) code?: string;
  /** One of the ten recovery codes, each of which works once. */
  @ProofField({ max: 60 }) recovery_code?: string;
  /** The answer of a passkey to the options for this sign-in, or this session. */
  @JsonField({ schema: AssertionDto, max: LONGEST_ANSWER, optional: true }) passkey?: string;
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
  @NextField() next?: string;
  /** Form input from before the session ended; see `Drafts`. */
  @HintField(/^[\w-]{1,400000}$/) draft?: string;
}

/** `POST /confirm/`. */
export class StepUpForm extends StepUpDto {
  @NextField() next?: string;
  /** Form input that waits for the confirmation; see `Drafts`. */
  @HintField(/^[\w-]{1,400000}$/) draft?: string;
}
