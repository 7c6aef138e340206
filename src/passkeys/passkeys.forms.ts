import {
  HintField,
  NameField,
  NextField,
  ProofField,
  VersionField,
} from '../core/http/forms/fields.js';
import { LONGEST_ANSWER } from '../users/second-factors/passkey-answer.dto.js';

/** Characters of a name. */
export const LONGEST_NAME = 60;

/** `POST /login/passkey/`. */
export class PasskeySignInForm {
  /** JSON of `PublicKeyCredential.toJSON()`. */
  @ProofField({ max: LONGEST_ANSWER }) passkey?: string;
  @NextField() next?: string;
  /** Form input from before the session ended; see `Drafts`. */
  @HintField(/^[\w-]{1,400000}$/) draft?: string;
}

/** `POST /profile/passkeys/`. */
export class NewPasskeyForm {
  @NameField({ max: LONGEST_NAME }) name: string;
  /** JSON of `PublicKeyCredential.toJSON()`. */
  @ProofField({ max: LONGEST_ANSWER }) passkey?: string;
}

/** `POST /profile/passkeys/<id>/`; `version`: the version the form was filled in from. */
export class RenamePasskeyForm {
  @NameField({ max: LONGEST_NAME }) name: string;
  @VersionField() version: number = 0;
}
