import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../core/config/config.js';
import { SecretBox } from '../core/crypto/secret-box.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';

/** What a challenge is for; one for another purpose is refused. */
export type ChallengePurpose = 'register' | 'sign_in' | 'second_factor';

/** Minutes a challenge is good for. */
export const CHALLENGE_MINUTES = 10;
const NONCE_BYTES = 16;
const TIME_BYTES = 6;

/**
 * Challenges of WebAuthn (Level 3 §13.4.3): random, for one purpose and one `binding`, good for ten minutes and
 * once. A challenge proves by its HMAC that it was issued here, so that a page can hold one without a row;
 * the row of a used one makes it single-use. The database decides both, and with its own clock.
 */
@Injectable()
export class Challenges {
  private readonly secretBox: SecretBox;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    config: AppConfig,
  ) {
    this.secretBox = new SecretBox(config.secret, 'challenges of passkeys');
  }

  /**
   * `binding`: the session, waiting sign-in or API client it belongs to; empty at the sign-in page. Base64url.
   */
  issue(purpose: ChallengePurpose, binding: string): string {
    const time = Buffer.alloc(TIME_BYTES);
    time.writeUIntBE(Date.now(), 0, TIME_BYTES);
    const head = Buffer.concat([randomBytes(NONCE_BYTES), time]);
    return Buffer.concat([head, this.markOf(head, purpose, binding)]).toString('base64url');
  }

  /** Whether it was issued here for this purpose and binding, at any time. */
  isOwn(challenge: string, purpose: ChallengePurpose, binding: string): boolean {
    const bytes = Buffer.from(challenge, 'base64url');
    const head = bytes.subarray(0, NONCE_BYTES + TIME_BYTES);
    const mark = bytes.subarray(NONCE_BYTES + TIME_BYTES);
    const own = this.markOf(head, purpose, binding);
    return mark.length === own.length && timingSafeEqual(mark, own);
  }

  /**
   * Within a unit of work as the identity role: false when it has expired or was used before. Of several at once
   * one gets true. It stays used when what follows is refused.
   */
  async use(challenge: string): Promise<boolean> {
    const bytes = Buffer.from(challenge, 'base64url');
    const issued = bytes.readUIntBE(NONCE_BYTES, TIME_BYTES);
    await this.unitOfWork.execute(
      `DELETE FROM spent_challenge WHERE nonce IN (SELECT nonce FROM spent_challenge
         WHERE expires_at < now() ORDER BY expires_at LIMIT 50 FOR UPDATE SKIP LOCKED)`,
    );
    const used = await this.unitOfWork.execute(
      `INSERT INTO spent_challenge (nonce, expires_at)
       SELECT $1, e.at FROM (SELECT to_timestamp($2 / 1000.0) + interval '${CHALLENGE_MINUTES} minutes' AS at) e
       WHERE e.at > now() ON CONFLICT (nonce) DO NOTHING`,
      [bytes.subarray(0, NONCE_BYTES), issued],
    );
    return used > 0;
  }

  private markOf(head: Buffer, purpose: ChallengePurpose, binding: string): Buffer {
    return this.secretBox.hmac(Buffer.concat([head, Buffer.from(`${purpose} ${binding}`)]));
  }
}
