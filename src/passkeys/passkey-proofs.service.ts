import { Injectable } from '@nestjs/common';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { Challenges, type ChallengePurpose } from './challenges.js';
import { PasskeysRepository, type StoredPasskey } from './passkeys.repository.js';
import { WebAuthn, answerOf } from './webauthn.js';

/** Decides whether an answer of an authenticator proves who somebody is. */
@Injectable()
export class PasskeyProofs {
  constructor(
    private readonly rows: PasskeysRepository,
    private readonly webauthn: WebAuthn,
    private readonly challenges: Challenges,
  ) {}

  /**
   * The passkey that signed; null when anything is wrong. Runs in a unit of work as the identity role: the rows
   * of challenge and passkey decide between requests at once.
   */
  async verify(
    proof: string,
    purpose: ChallengePurpose,
    binding: string,
  ): Promise<StoredPasskey | null> {
    const answer = answerOf<AuthenticationResponseJSON>(proof);
    const passkey = answer && (await this.rows.find(answer.response.id));
    if (!answer || !passkey) return null;
    const verified = await this.webauthn.verify(answer, passkey, purpose, binding);
    if (!verified || !(await this.challenges.use(answer.challenge))) return null;
    const { counter, isBackedUp } = verified;
    return (await this.rows.use(passkey.id, counter, isBackedUp)) ? passkey : null;
  }
}
