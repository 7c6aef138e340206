import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';

export interface KeptAnswer {
  bodyHash: Buffer;
  /** Sealed: it may hold tokens. */
  answer: Buffer;
}

/** Answers to requests with an `Idempotency-Key`, by the hash of who sent which key where. */
@Injectable()
export class IdempotencyRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** False while another request with this key is being worked on; true holds others off until the end. */
  async claim(keyHash: Buffer): Promise<boolean> {
    const [row] = await this.unitOfWork.query<{ claimed: boolean }>(
      'SELECT pg_try_advisory_xact_lock($1::bigint) AS claimed',
      [keyHash.readBigInt64BE().toString()],
    );
    return row!.claimed;
  }

  /** What was answered within the last day. */
  async find(keyHash: Buffer): Promise<KeptAnswer | null> {
    return this.unitOfWork.through('idempotency', async () => {
      await this.unitOfWork.execute(
        `DELETE FROM idempotent_answer WHERE key_hash IN (SELECT key_hash FROM idempotent_answer
           WHERE created_at < now() - interval '24 hours' ORDER BY created_at LIMIT 100)`,
      );
      const [row] = await this.unitOfWork.query<KeptAnswer>(
        `SELECT body_hash AS "bodyHash", answer FROM idempotent_answer
         WHERE key_hash = $1 AND created_at >= now() - interval '24 hours'`,
        [keyHash],
      );
      return row ?? null;
    });
  }

  async keep(keyHash: Buffer, { bodyHash, answer }: KeptAnswer): Promise<void> {
    await this.unitOfWork.through('idempotency', () =>
      this.unitOfWork.execute(
        'INSERT INTO idempotent_answer (key_hash, body_hash, answer) VALUES ($1, $2, $3)',
        [keyHash, bodyHash, answer],
      ),
    );
  }
}
