import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { Sweeper } from '../../jobs/sweeper.js';
import { idempotencyRole } from '../../database/privileged/idempotency.role.js';

/** A request with an `Idempotency-Key`: HMACs of owner, key and route, and of the body. */
export interface Claim {
  keyHash: Buffer;
  bodyHash: Buffer;
  /** Identifies the attempt that holds the claim. */
  id: string;
}

export interface EarlierRequest {
  bodyHash: Buffer;
  /** Encrypted, as it may hold tokens. Null while the request is in progress. */
  answer: Buffer | null;
}

/** Seconds after which an unanswered claim counts as abandoned by a dead process. */
const LEASE_SECONDS = 60;
/** Maximum number of rows per DELETE. */
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
   * Claims a key; returns null when the caller holds the claim, else the earlier request. The primary key
   * decides between concurrent requests.
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

  /** Stores the answer; false when another attempt has taken the claim over. */
  async keep({ keyHash, id }: Claim, answer: Buffer): Promise<boolean> {
    return this.unitOfWork.runAs(idempotencyRole, async () => {
      const kept = await this.unitOfWork.execute(
        'UPDATE idempotent_answer SET answer = $3 WHERE key_hash = $1 AND claim = $2',
        [keyHash, id, answer],
      );
      return kept > 0;
    });
  }

  /** Releases the claim after a refusal, so that the key can be used again. */
  async release({ keyHash, id }: Claim): Promise<void> {
    await this.unitOfWork.runAs(idempotencyRole, () =>
      this.unitOfWork.execute(
        'DELETE FROM idempotent_answer WHERE key_hash = $1 AND claim = $2 AND answer IS NULL',
        [keyHash, id],
      ),
    );
  }

  /** Deletes a batch of answers older than 24 hours. Returns the number of rows. */
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
