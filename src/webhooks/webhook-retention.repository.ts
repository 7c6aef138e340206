import { Injectable } from '@nestjs/common';
import { retentionRole } from '../core/database/privileged/retention.role.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';

/** Rows a statement removes at most: nobody waits long for one. */
const BATCH = 1_000;

/** Advisory lock: concurrent workers take turns, one batch each. */
const TURN = 4_178_206;

/** How long events and deliveries are kept; the database lets nothing younger be removed. */
const KEPT = `created_at < now() - interval '30 days'`;

/** Removes the log of deliveries after 30 days. Every batch is a unit of work of its own. */
@Injectable()
export class WebhookRetentionRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  removeDeliveries(): Promise<number> {
    return this.remove(`DELETE FROM webhook_delivery WHERE id IN (
      SELECT id FROM webhook_delivery WHERE ${KEPT} ORDER BY created_at LIMIT ${BATCH})`);
  }

  /** Those that no delivery is about any more. */
  removeEvents(): Promise<number> {
    return this.remove(`DELETE FROM webhook_event WHERE id IN (
      SELECT v.id FROM webhook_event v WHERE v.${KEPT}
        AND NOT EXISTS (SELECT FROM webhook_delivery d WHERE d.event_id = v.id)
      ORDER BY v.created_at LIMIT ${BATCH})`);
  }

  private remove(text: string): Promise<number> {
    return this.unitOfWork.runAs(retentionRole, async () => {
      await this.unitOfWork.query('SELECT pg_advisory_xact_lock($1)', [TURN]);
      return this.unitOfWork.execute(text);
    });
  }
}
