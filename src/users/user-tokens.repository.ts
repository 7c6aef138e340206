import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import type { TokenPurpose } from './user-token.entity.js';

/** Links that were mailed to people. Behind the identity door; the callers open it. */
@Injectable()
export class UserTokensRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Adds a link and lets older ones of the same purpose die. */
  async replace(
    userId: string,
    purpose: TokenPurpose,
    link: { hash: Buffer; email: string; hours: number },
  ): Promise<void> {
    await this.drop(userId, purpose);
    await this.unitOfWork.execute(
      `INSERT INTO user_token (user_id, purpose, token_hash, email, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
      [userId, purpose, link.hash, link.email, link.hours * 3600],
    );
  }

  /** Whose live link this is, without using it. */
  async find(
    purpose: TokenPurpose,
    hash: Buffer,
  ): Promise<{ userId: string; email: string } | null> {
    const [row] = await this.unitOfWork.read<{ userId: string; email: string }>(
      {
        name: 'find-user-token',
        text: `SELECT k.user_id AS "userId", u.email FROM user_token k JOIN users u ON u.id = k.user_id
          WHERE k.token_hash = $1 AND k.purpose = $2 AND k.used_at IS NULL AND k.expires_at > now()
            AND u.is_active AND u.deleted_at IS NULL`,
        values: [hash, purpose],
      },
      'identity',
    );
    return row ?? null;
  }

  /** Uses a link; the database lets one of several at once have it. */
  async use(
    purpose: TokenPurpose,
    hash: Buffer,
  ): Promise<{ userId: string; email: string } | null> {
    const [row] = await this.unitOfWork.query<{ userId: string; email: string }>(
      `UPDATE user_token SET used_at = now()
       WHERE token_hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > now()
       RETURNING user_id AS "userId", email`,
      [hash, purpose],
    );
    return row ?? null;
  }

  /** Where the live link of a person went to; null when there is none. */
  async waiting(userId: string, purpose: TokenPurpose): Promise<string | null> {
    const [row] = await this.unitOfWork.query<{ email: string }>(
      `SELECT email FROM user_token
       WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > now()`,
      [userId, purpose],
    );
    return row?.email ?? null;
  }

  async drop(userId: string, purpose: TokenPurpose): Promise<void> {
    await this.unitOfWork.execute(
      'DELETE FROM user_token WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL',
      [userId, purpose],
    );
  }
}
