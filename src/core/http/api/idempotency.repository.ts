import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { Sweeper } from '../../jobs/sweeper.js';
import { idempotencyRole } from '../../database/privileged/idempotency.role.js';

/** A request with an `Idempotency-Key`, by hashes: who sent which key where, and what. */
export interface Claim {
  keyHash: Buffer;
  bodyHash: Buffer;
  /** Tells whoever works on it from anybody who did before. */
  id: string;
}

export interface EarlierRequest {
  bodyHash: Buffer;
  /** Sealed: it may hold tokens. Null while it is being worked on. */
  answer: Buffer | null;
}

/** Whoever has not answered after so many seconds never will: their process ended. */
const LEASE_SECONDS = 60;
/** Rows a statement removes at most. */
const BATCH = 1_000;

@Injectable()
export class IdempotencyRepository {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    sweeper: Sweeper,
  ) {
    sweeper.add('idempotent answers', { everySeconds: 600 }, () => this.removeOld());
  }

  /**
   * Null when the request is the caller's to work on, else what became of the one before. Of several at
   * once one gets it: the key is the primary key.
   */
  async claim({ keyHash, bodyHash, id }: Claim): Promise<EarlierRequest | null> {
    return this.unitOfWork.runAs(idempotencyRole, async () => {
      const [mine] = await this.unitOfWork.query(
        `INSERT INTO idempotent_answer AS a (key_hash, body_hash, claim) VALUES ($1, $2, $3)
         ON CONFLICT (key_hash) DO UPDATE SET body_hash = excluded.body_hash,
           claim = excluded.claim, answer = NULL, created_at = now()
         WHERE a.created_at < now() - interval '24 hours'
           OR a.answer IS NULL AND a.created_at < now() - make_interval(secs => $4)
         RETURNING claim`,
        [keyHash, bodyHash, id, LEASE_SECONDS],
      );
      if (mine) return null;
      const [earlier] = await this.unitOfWork.query<EarlierRequest>(
        `SELECT body_hash AS "bodyHash", answer FROM idempotent_answer WHERE key_hash = $1`,
        [keyHash],
      );
      return earlier ?? { bodyHash, answer: null };
    });
  }

  /** False when somebody else has taken the request over meanwhile. */
  async keep({ keyHash, id }: Claim, answer: Buffer): Promise<boolean> {
    return this.unitOfWork.runAs(idempotencyRole, async () => {
      const kept = await this.unitOfWork.execute(
        'UPDATE idempotent_answer SET answer = $3 WHERE key_hash = $1 AND claim = $2',
        [keyHash, id, answer],
      );
      return kept > 0;
    });
  }

  /** Nothing was done: the key is free again. */
  async release({ keyHash, id }: Claim): Promise<void> {
    await this.unitOfWork.runAs(idempotencyRole, () =>
      this.unitOfWork.execute(
        'DELETE FROM idempotent_answer WHERE key_hash = $1 AND claim = $2 AND answer IS NULL',
        [keyHash, id],
      ),
    );
  }

  /** Answers of more than a day ago, a batch at a time. Returns how many. */
  private async removeOld(): Promise<number> {
    for (let removed = 0; ;) {
      const batch = await this.unitOfWork.runAs(idempotencyRole, () =>
        this.unitOfWork.execute(
          `DELETE FROM idempotent_answer WHERE key_hash IN (SELECT key_hash FROM idempotent_answer
             WHERE created_at < now() - interval '24 hours' LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)`,
        ),
      );
      removed += batch;
      if (batch < BATCH) return removed;
    }
  }
}
