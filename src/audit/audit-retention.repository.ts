import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { retentionRole } from '../core/database/privileged/retention.role.js';

/** Maximum number of rows per statement, which bounds the time locks are held. */
const BATCH = 1_000;

/** Advisory lock: concurrent workers take turns, one batch each. */
const TURN = 4_178_204;

/** Deletes expired data of the audit trail. Every batch is a unit of work of its own. */
@Injectable()
export class AuditRetentionRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  countPersonal(days: number): Promise<number> {
    return this.count(`SELECT count(*)::int AS count FROM audit_entry WHERE ${PERSONAL}`, days);
  }

  countStrangers(days: number): Promise<number> {
    return this.count(`SELECT count(*)::int AS count FROM (${STRANGERS}) s`, days);
  }

  /**
   * Clears addresses and devices of the next batch of entries; returns 0 when none is left. The hash chain
   * stays valid.
   */
  removePersonal(days: number): Promise<number> {
    return this.remove(
      `UPDATE audit_entry SET address = NULL, device = NULL, personal_salt = NULL
       WHERE id IN (SELECT id FROM audit_entry WHERE ${PERSONAL} ORDER BY at LIMIT ${BATCH})`,
      days,
    );
  }

  /**
   * Deletes the first entries of the chains of failed sign-ins; the head of a chain stores where it begins.
   */
  removeStrangers(days: number): Promise<number> {
    return this.remove(
      `WITH stale AS MATERIALIZED (${STRANGERS} ORDER BY e.chain, e.position LIMIT ${BATCH}),
       bases AS (
         UPDATE audit_head h SET base_position = last.position, base_hash = last.hash
         FROM (SELECT DISTINCT ON (chain) chain, position, hash FROM stale
           ORDER BY chain, position DESC) last
         WHERE h.chain = last.chain)
       DELETE FROM audit_entry e USING stale s
       WHERE e.chain = s.chain AND e.position = s.position`,
      days,
    );
  }

  private async count(text: string, days: number): Promise<number> {
    const [row] = await this.unitOfWork.read<{ count: number }>(
      { text, values: [days] },
      retentionRole,
    );
    return row!.count;
  }

  private remove(text: string, days: number): Promise<number> {
    return this.unitOfWork.runAs(retentionRole, async () => {
      await this.unitOfWork.query('SELECT pg_advisory_xact_lock($1)', [TURN]);
      return this.unitOfWork.execute(text, [days]);
    });
  }
}

const PERSONAL = `personal_salt IS NOT NULL AND at < now() - make_interval(days => $1)`;

/** From the start of each chain up to the first entry within the retention period. */
const STRANGERS = `
  SELECT e.chain, e.position, e.hash FROM audit_head h
  CROSS JOIN LATERAL (SELECT min(young.position) AS position FROM audit_entry young
    WHERE young.chain = h.chain AND young.at >= now() - make_interval(days => $1)) first
  JOIN audit_entry e ON e.chain = h.chain
    AND e.position < coalesce(first.position, 9223372036854775807)`;
