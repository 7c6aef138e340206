import { HintField, NameField, NextField, ProofField } from '../core/http/forms/fields.js';

/** The answer of an authenticator is about 1 kB; with a certificate of its maker some more. */
const LONGEST = 16_384;

/** `POST /login/passkey/`. */
export class PasskeySignInForm {
  /** JSON of `PublicKeyCredential.toJSON()`. */
  @ProofField({ max: LONGEST }) passkey?: string;
  @NextField() next?: string;
  /** Form input from before the session ended; see `Drafts`. */
  @HintField(/^[\w-]{1,400000}$/) draft?: string;
}

/** `POST /profile/passkeys/`. */
export class NewPasskeyForm {
  @NameField({ max: 60 }) name: string;
  /** JSON of `PublicKeyCredential.toJSON()`. */
  @ProofField({ max: LONGEST }) passkey?: string;
}
