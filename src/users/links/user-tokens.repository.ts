import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { TokenPurpose } from './user-token.entity.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

/** A valid link. */
export interface LiveLink {
  userId: string;
  /** The address it was mailed to, which it verifies. */
  sentTo: string;
  /** The address of the account now. */
  email: string;
  /** Whether the account ever verified an address. */
  isProven: boolean;
}

/** A link that was used just now. */
export interface UsedLink {
  id: string;
  userId: string;
  /** The address it was mailed to. */
  email: string;
}

export interface NewLink {
  hash: Buffer;
  /** Recipient of the link. */
  email: string;
  hours: number;
}

/**
 * Mailed links. Runs as the identity role, which callers must have entered. Callers lock the account before
 * they add, use or delete a link, so that changes of one account take turns.
 */
@Injectable()
export class UserTokensRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Adds a link and deletes older ones of the same purpose. */
  async replace(userId: string, purpose: TokenPurpose, link: NewLink): Promise<void> {
    await this.drop(userId, purpose);
    await this.add(userId, purpose, link);
  }

  /** Adds a link beside older ones of the same purpose. */
  async add(userId: string, purpose: TokenPurpose, link: NewLink): Promise<void> {
    await this.unitOfWork.post({
      text: `INSERT INTO user_token (user_id, purpose, token_hash, email, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
      values: [userId, purpose, link.hash, link.email, link.hours * 3600],
    });
  }

  /** The account of a valid link, without using it. */
  async find(purpose: TokenPurpose, hash: Buffer): Promise<LiveLink | null> {
    const [row] = await this.unitOfWork.read<LiveLink>(
      {
        name: 'find-user-token',
        text: `SELECT k.user_id AS "userId", k.email AS "sentTo", u.email,
            u.first_verified_at IS NOT NULL AS "isProven"
          FROM user_token k JOIN users u ON u.id = k.user_id
          WHERE k.token_hash = $1 AND k.purpose = $2 AND k.used_at IS NULL AND k.expires_at > now()
            AND u.is_active AND u.deleted_at IS NULL`,
        values: [hash, purpose],
      },
      identityRole,
    );
    return row ?? null;
  }

  /** When the oldest notice was mailed to this address whose link can be used, or is the one just `used`. */
  async oldestNotice({ id, userId, email }: UsedLink): Promise<Date> {
    const [row] = await this.unitOfWork.query<{ oldest: Date }>(
      `SELECT min(created_at) AS oldest FROM user_token
       WHERE user_id = $1 AND purpose = 'not_me' AND lower(email) = lower($2)
         AND (id = $3 OR (used_at IS NULL AND expires_at > now()))`,
      [userId, email, id],
    );
    return row!.oldest;
  }

  /** Uses a link; one of several concurrent requests succeeds. Null for a closed account. */
  async use(purpose: TokenPurpose, hash: Buffer): Promise<UsedLink | null> {
    await this.unitOfWork.query(
      `SELECT 1 FROM users WHERE id = (SELECT user_id FROM user_token WHERE token_hash = $1)
       FOR NO KEY UPDATE`,
      [hash],
    );
    const [row] = await this.unitOfWork.query<UsedLink>(
      `UPDATE user_token k SET used_at = now() FROM users u
       WHERE k.token_hash = $1 AND k.purpose = $2 AND k.used_at IS NULL AND k.expires_at > now()
         AND u.id = k.user_id AND u.is_active AND u.deleted_at IS NULL
       RETURNING k.id, k.user_id AS "userId", k.email`,
      [hash, purpose],
    );
    return row ?? null;
  }

  /** The recipient of a person's valid link; null when there is none. */
  async waiting(userId: string, purpose: TokenPurpose): Promise<string | null> {
    const [row] = await this.unitOfWork.query<{ email: string }>(
      `SELECT email FROM user_token
       WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > now()`,
      [userId, purpose],
    );
    return row?.email ?? null;
  }

  async drop(userId: string, purpose: TokenPurpose): Promise<void> {
    await this.unitOfWork.post({
      text: 'DELETE FROM user_token WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL',
      values: [userId, purpose],
    });
  }

  /** Deletes all links except those of notices, which an intruder must not be able to invalidate. */
  async dropAll(userId: string): Promise<void> {
    await this.unitOfWork.execute(
      `DELETE FROM user_token WHERE user_id = $1 AND purpose <> 'not_me' AND used_at IS NULL`,
      [userId],
    );
  }

  /** Deletes the links of notices, all of them or those mailed after a link: the older one prevails. */
  async dropNotices(userId: string, sinceId: string | null = null): Promise<void> {
    await this.unitOfWork.execute(
      `DELETE FROM user_token WHERE user_id = $1 AND purpose = 'not_me' AND used_at IS NULL
         AND ($2::uuid IS NULL OR created_at >= (SELECT created_at FROM user_token WHERE id = $2))`,
      [userId, sinceId],
    );
  }
}
