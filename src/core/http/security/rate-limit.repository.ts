import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { identityRole } from '../../database/privileged/identity.role.js';

export interface Tally {
  /** Attempts in the current window, this one included. */
  hits: number;
  /** Seconds until the window ends. */
  resetsIn: number;
}

/** Counters shared by all replicas. Keys are hashed: the table names nobody. */
@Injectable()
export class RateLimitRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Adds `tries` under each key in one statement and returns the totals. */
  async hit(keys: string[], seconds: number, tries = 1): Promise<Tally[]> {
    const hashes = keys.map(hashOf);
    const rows = await this.unitOfWork.write<Tally & { key: Buffer }>(
      {
        name: 'rate-limit-hit',
        // Sorted, so that concurrent requests with the same keys cannot deadlock.
        text: `INSERT INTO rate_limit AS l (key, hits, resets_at)
           SELECT key, $3::int, now() + make_interval(secs => $2)
           FROM unnest($1::bytea[]) AS key ORDER BY key
         ON CONFLICT (key) DO UPDATE SET
           hits = CASE WHEN l.resets_at <= now() THEN $3 ELSE l.hits + $3 END,
           resets_at = CASE WHEN l.resets_at <= now() THEN excluded.resets_at ELSE l.resets_at END
         RETURNING key, hits, ceil(extract(epoch FROM resets_at - now()))::int AS "resetsIn"`,
        values: [hashes, seconds, tries],
      },
      identityRole,
    );
    return hashes.map((hash) => rows.find((row) => row.key.equals(hash))!);
  }

  /** Subtracts attempts that succeeded. */
  async forgive(key: string, tries: number): Promise<void> {
    await this.unitOfWork.write(
      {
        name: 'rate-limit-forgive',
        text: 'UPDATE rate_limit SET hits = greatest(hits - $2, 0) WHERE key = $1 AND resets_at > now()',
        values: [hashOf(key), tries],
      },
      identityRole,
    );
  }

  /** Deletes expired windows in batches. Returns the number of rows. */
  async removeEnded(): Promise<number> {
    return this.removeAll('SELECT key FROM rate_limit WHERE resets_at <= now()');
  }

  /**
   * Deletes all but `most` rows, those with the fewest attempts first, since they limit nobody yet. Returns
   * the number of deleted rows.
   */
  async removeBeyond(most: number): Promise<number> {
    const [row] = await this.unitOfWork.read<{ beyond: number }>(
      {
        name: 'rate-limits-beyond',
        text: 'SELECT greatest(count(*) - $1::int, 0)::int AS beyond FROM rate_limit',
        values: [most],
      },
      identityRole,
    );
    const { beyond } = row!;
    if (beyond === 0) return 0;
    return this.removeAll('SELECT key FROM rate_limit ORDER BY hits, resets_at', beyond);
  }

  /** Skips rows that a request has locked, so that neither waits for the other. */
  private async removeAll(which: string, most = Infinity): Promise<number> {
    let removed = 0;
    while (removed < most) {
      const limit = Math.min(BATCH, most - removed);
      const batch = await this.unitOfWork.runAs(identityRole, () =>
        this.unitOfWork.execute(
          `DELETE FROM rate_limit WHERE key IN (${which} LIMIT ${limit} FOR UPDATE SKIP LOCKED)`,
        ),
      );
      removed += batch;
      if (batch < limit) break;
    }
    return removed;
  }
}

/** Maximum number of rows per DELETE. */
const BATCH = 5_000;

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
