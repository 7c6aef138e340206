import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';

export interface Tally {
  /** Tries in the running window, this one included. */
  hits: number;
  /** Seconds until the window ends. */
  resetsIn: number;
}

/** Counters shared by all replicas. Keys are hashed: the table names nobody. */
@Injectable()
export class RateLimitRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Counts `tries` under each key, in one statement, and says how many there were. */
  async hit(keys: string[], seconds: number, tries = 1): Promise<Tally[]> {
    const hashes = keys.map((key) => createHash('sha256').update(key).digest());
    return this.unitOfWork.through('identity', async () => {
      // Sorted, so that two requests with the same keys never wait for each other in a circle.
      const rows = await this.unitOfWork.query<Tally & { key: Buffer }>(
        `INSERT INTO rate_limit AS l (key, hits, resets_at)
           SELECT key, $3::int, now() + make_interval(secs => $2)
           FROM unnest($1::bytea[]) AS key ORDER BY key
         ON CONFLICT (key) DO UPDATE SET
           hits = CASE WHEN l.resets_at <= now() THEN $3 ELSE l.hits + $3 END,
           resets_at = CASE WHEN l.resets_at <= now() THEN excluded.resets_at ELSE l.resets_at END
         RETURNING key, hits, ceil(extract(epoch FROM resets_at - now()))::int AS "resetsIn"`,
        [hashes, seconds, tries],
      );
      return hashes.map((hash) => rows.find((row) => row.key.equals(hash))!);
    });
  }

  /** Windows that ended long ago. */
  async sweep(): Promise<void> {
    await this.unitOfWork.through('identity', () =>
      this.unitOfWork.execute(`DELETE FROM rate_limit WHERE resets_at < now() - interval '1 hour'`),
    );
  }
}
