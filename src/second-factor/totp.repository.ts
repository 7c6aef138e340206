import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';

export interface TotpRow {
  seed: Buffer;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** Authenticator apps, at most one per person. Runs as the identity role, which callers must have entered. */
@Injectable()
export class TotpRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async find(userId: string): Promise<TotpRow | null> {
    const [row] = await this.unitOfWork.query<TotpRow>(
      `SELECT seed, created_at AS "createdAt", last_used_at AS "lastUsedAt" FROM totp
       WHERE user_id = $1`,
      [userId],
    );
    return row ?? null;
  }

  /** Adds one; `step` is that of the code that confirmed it. False when the person has one. */
  async add(userId: string, seed: Buffer, step: number): Promise<boolean> {
    const added = await this.unitOfWork.execute(
      `INSERT INTO totp (user_id, seed, last_step, last_used_at) VALUES ($1, $2, $3, now())
       ON CONFLICT (user_id) DO NOTHING`,
      [userId, seed, step],
    );
    return added > 0;
  }

  /**
   * Uses the code of a step up; false when it, or that of a later step, was used before (RFC 6238 §5.2: once
   * only). The update of the row decides between concurrent requests.
   */
  async use(userId: string, step: number): Promise<boolean> {
    const used = await this.unitOfWork.execute(
      `UPDATE totp SET last_step = $2, last_used_at = now() WHERE user_id = $1 AND last_step < $2`,
      [userId, step],
    );
    return used > 0;
  }

  /** Removes it, where `since` is null or it was added from then on. */
  remove(userId: string, since: Date | null): Promise<number> {
    return this.unitOfWork.execute(
      'DELETE FROM totp WHERE user_id = $1 AND ($2::timestamptz IS NULL OR created_at >= $2)',
      [userId, since],
    );
  }
}
