import { Injectable } from '@nestjs/common';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { AppConfig } from '../core/config/config.js';
import { brand } from '../core/brand/brand.js';
import { LONGEST_ANSWER } from '../users/second-factors/passkey-answer.dto.js';
import { Challenges, type ChallengePurpose } from './challenges.js';
import type { NewPasskey, StoredPasskey } from './passkeys.repository.js';

/** ES256, EdDSA and RS256 (COSE algorithm identifiers): what authenticators in use offer. */
const ALGORITHMS = [-7, -8, -257];
/** Milliseconds a person has to answer the browser. */
const TIMEOUT = 300_000;
/** Base64url of a credential id: at most 1023 bytes (WebAuthn Level 3 §4). */
const CREDENTIAL_ID = /^[\w-]{1,1364}$/;

/** What an authenticator answered, and the challenge in it; not verified yet. */
export interface Answer<T> {
  response: T;
  challenge: string;
}

/**
 * Web Authentication Level 3 with this installation as the relying party: its id is the host of `APP_URL`
 * (`localhost` in development). Passkeys are discoverable and always verify the person (PIN, finger, face),
 * so that one is two factors (NIST SP 800-63B-4 §3.1.7).
 */
@Injectable()
export class WebAuthn {
  constructor(
    private readonly challenges: Challenges,
    private readonly config: AppConfig,
  ) {}

  private get origin(): string {
    return new URL(this.config.appUrl).origin;
  }

  private get rpId(): string {
    return new URL(this.config.appUrl).hostname;
  }

  /** Options for `navigator.credentials.create`. `known`: ids of the person's passkeys, which are not added again. */
  creationOptions(
    user: { id: string; email: string; displayName: string | null },
    binding: string,
    known: readonly string[],
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    return generateRegistrationOptions({
      rpName: brand.name,
      rpID: this.rpId,
      userID: handleOf(user.id),
      userName: user.email,
      userDisplayName: user.displayName ?? user.email,
      challenge: Buffer.from(this.challenges.issue('register', binding), 'base64url'),
      timeout: TIMEOUT,
      attestationType: 'none',
      excludeCredentials: known.map((id) => ({ id })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      supportedAlgorithmIDs: ALGORITHMS,
    });
  }

  /** Options for `navigator.credentials.get`, for any passkey of this site. */
  requestOptions(
    purpose: ChallengePurpose,
    binding: string,
  ): Promise<PublicKeyCredentialRequestOptionsJSON> {
    return generateAuthenticationOptions({
      rpID: this.rpId,
      challenge: Buffer.from(this.challenges.issue(purpose, binding), 'base64url'),
      timeout: TIMEOUT,
      userVerification: 'required',
    });
  }

  /** The passkey that was made; null when anything about the answer is wrong. */
  async verifyNew(
    { response, challenge }: Answer<RegistrationResponseJSON>,
    binding: string,
  ): Promise<NewPasskey | null> {
    if (!this.challenges.isOwn(challenge, 'register', binding)) return null;
    const { registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: this.origin,
      expectedRPID: this.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }).catch(() => ({ registrationInfo: undefined }));
    if (!registrationInfo) return null;
    const { credential, aaguid, credentialBackedUp } = registrationInfo;
    // The id in what the authenticator signed need not be the one its answer names.
    if (credential.id !== response.id) return null;
    return {
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey),
      counter: credential.counter,
      isBackedUp: credentialBackedUp,
      aaguid,
    };
  }

  /**
   * The new signature counter; null when anything about the answer is wrong. The caller has checked that the
   * challenge was issued here.
   */
  async verify(
    { response, challenge }: Answer<AuthenticationResponseJSON>,
    passkey: StoredPasskey,
    purpose: ChallengePurpose,
  ): Promise<{ counter: number; isBackedUp: boolean } | null> {
    if (!isHandleOf(passkey, response.response.userHandle, purpose)) return null;
    const verified = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: this.origin,
      expectedRPID: this.rpId,
      requireUserVerification: true,
      credential: {
        id: passkey.credentialId,
        publicKey: new Uint8Array(passkey.publicKey),
        counter: Number(passkey.counter),
      },
    }).catch(() => null);
    if (!verified?.verified) return null;
    const { newCounter, credentialBackedUp } = verified.authenticationInfo;
    return { counter: newCounter, isBackedUp: credentialBackedUp };
  }
}

/** The user handle of WebAuthn: the id, which names nobody. */
function handleOf(userId: string): Buffer<ArrayBuffer> {
  return Buffer.from(userId.replaceAll('-', ''), 'hex');
}

/**
 * The authenticator names the account it signs for; another one is refused. Only where it is known already who
 * signs may the name be missing (WebAuthn Level 3 §7.2, step 6).
 */
function isHandleOf(
  { userId }: StoredPasskey,
  handle: string | undefined,
  purpose: ChallengePurpose,
): boolean {
  if (!handle) return purpose !== 'sign_in';
  return handle === handleOf(userId).toString('base64url');
}

/** Members of an answer that are decoded. */
const DECODED = [
  'clientDataJSON',
  'attestationObject',
  'authenticatorData',
  'signature',
  'userHandle',
] as const;

/**
 * Whether all that is decoded is text: of an object `Buffer.from` would make as many bytes as its `length` says.
 */
function isOfTexts(response: unknown): boolean {
  if (typeof response !== 'object' || response === null) return false;
  const members = response as Record<(typeof DECODED)[number], unknown>;
  return DECODED.every((name) => typeof (members[name] ?? '') === 'string');
}

/** The JSON of an authenticator's answer, as `PublicKeyCredential.toJSON()` writes it; null for anything else. */
export function answerOf<T extends RegistrationResponseJSON | AuthenticationResponseJSON>(
  text: string,
): Answer<T> | null {
  if (text.length > LONGEST_ANSWER) return null;
  try {
    const response = JSON.parse(text) as T;
    if (!isOfTexts(response.response)) return null;
    const data = Buffer.from(response.response.clientDataJSON, 'base64url').toString();
    const { challenge } = JSON.parse(data) as { challenge: unknown };
    const { id, rawId } = response;
    const hasId = typeof id === 'string' && CREDENTIAL_ID.test(id) && rawId === id;
    return hasId && typeof challenge === 'string' ? { response, challenge } : null;
  } catch {
    return null;
  }
}
