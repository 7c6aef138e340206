import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';

/** Recovery codes. Runs as the identity role, which callers must have entered. */
@Injectable()
export class RecoveryCodesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** A new set in place of the old one. Callers lock the account, so that sets do not mix. */
  async replace(userId: string, hashes: readonly Buffer[]): Promise<void> {
    await this.remove(userId, null);
    await this.unitOfWork.execute(
      'INSERT INTO recovery_code (user_id, code_hash) SELECT $1, unnest($2::bytea[])',
      [userId, hashes],
    );
  }

  /** Uses a code; false when it is none of theirs, or was used. The update of the row decides. */
  async use(userId: string, hash: Buffer): Promise<boolean> {
    const used = await this.unitOfWork.execute(
      `UPDATE recovery_code SET used_at = now()
       WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL`,
      [userId, hash],
    );
    return used > 0;
  }

  /** Number of codes that can be used. */
  async left(userId: string): Promise<number> {
    const [row] = await this.unitOfWork.query<{ left: number }>(
      `SELECT count(*)::int AS "left" FROM recovery_code WHERE user_id = $1 AND used_at IS NULL`,
      [userId],
    );
    return row!.left;
  }

  /** Removes them, all or those made from `since` on. */
  remove(userId: string, since: Date | null): Promise<number> {
    return this.unitOfWork.execute(
      'DELETE FROM recovery_code WHERE user_id = $1 AND ($2::timestamptz IS NULL OR created_at >= $2)',
      [userId, since],
    );
  }
}
