import { Injectable } from '@nestjs/common';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { Challenges, type ChallengePurpose } from './challenges.js';
import { UsersRepository } from '../users/users.repository.js';
import { PasskeysRepository, type StoredPasskey } from './passkeys.repository.js';
import { WebAuthn, answerOf } from './webauthn.js';

/** Decides whether an answer of an authenticator proves who somebody is. */
@Injectable()
export class PasskeyProofs {
  constructor(
    private readonly rows: PasskeysRepository,
    private readonly webauthn: WebAuthn,
    private readonly challenges: Challenges,
    private readonly users: UsersRepository,
  ) {}

  /**
   * The passkey that signed, of `userId` where it is known who signs; null when anything is wrong. Runs in a unit
   * of work as the identity role: the rows of challenge and passkey decide between requests at once. The account
   * is locked before them, as by whoever removes a passkey.
   */
  async verify(
    proof: string,
    purpose: ChallengePurpose,
    binding: string,
    userId?: string,
  ): Promise<StoredPasskey | null> {
    const answer = answerOf<AuthenticationResponseJSON>(proof);
    if (!answer || !this.challenges.isOwn(answer.challenge, purpose, binding)) return null;
    const passkey = await this.rows.find(answer.response.id);
    if (!passkey || (userId !== undefined && passkey.userId !== userId)) return null;
    const verified = await this.webauthn.verify(answer, passkey, purpose);
    if (!verified) return null;
    await this.users.lock(passkey.userId);
    if (!(await this.challenges.use(answer.challenge))) return null;
    const { counter, isBackedUp } = verified;
    return (await this.rows.use(passkey.id, counter, isBackedUp)) ? passkey : null;
  }
}
