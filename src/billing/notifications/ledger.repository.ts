import { Injectable } from '@nestjs/common';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { ProviderName, ProviderNotification } from '../provider/payment-provider.js';

export interface LedgerEvent extends ProviderNotification {
  state: 'received' | 'done' | 'parked';
  /** How often it was tried. */
  attempts: number;
}

export type ReopenedEvent = Pick<LedgerEvent, 'eventId' | 'objectId' | 'customerId'>;

export interface LedgerCount {
  state: string;
  count: number;
  /** Seconds since the oldest of them came. */
  age: number;
}

/** Every notification of a provider that was authentic, once. All of it as the role billing. */
@Injectable()
export class LedgerRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Writes it down, unless it is known already. */
  insertionOf(provider: ProviderName, event: ProviderNotification) {
    return {
      name: 'billing-event-insertion',
      text: `INSERT INTO billing_event
          (provider, event_id, type, object_id, customer_external_id, is_live, happened_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING 1`,
      values: [
        provider,
        event.eventId,
        event.type,
        event.objectId,
        event.customerId,
        event.isLive,
        event.createdAt,
      ],
    };
  }

  async find(provider: ProviderName, eventId: string): Promise<LedgerEvent | null> {
    const [event] = await this.unitOfWork.read<LedgerEvent>(
      {
        name: 'billing-event',
        text: `SELECT event_id AS "eventId", type, object_id AS "objectId",
            customer_external_id AS "customerId", is_live AS "isLive", happened_at AS "createdAt",
            state, attempts
          FROM billing_event WHERE provider = $1 AND event_id = $2`,
        values: [provider, eventId],
      },
      billingRole,
    );
    return event ?? null;
  }

  async belongsTo(provider: ProviderName, eventId: string, customerId: string): Promise<void> {
    await this.unitOfWork.execute(
      'UPDATE billing_event SET customer_external_id = $3 WHERE provider = $1 AND event_id = $2',
      [provider, eventId, customerId],
    );
  }

  async done(provider: ProviderName, eventId: string): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE billing_event SET state = 'done', done_at = now(), attempts = attempts + 1, problem = NULL
       WHERE provider = $1 AND event_id = $2 AND state <> 'done'`,
      [provider, eventId],
    );
  }

  /** It could not be done: tried again later, or kept where staff see it. */
  async failed(
    provider: ProviderName,
    eventId: string,
    problem: string,
    isParked: boolean,
  ): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE billing_event SET attempts = attempts + 1, problem = $3,
         state = CASE WHEN $4 THEN 'parked' ELSE state END
       WHERE provider = $1 AND event_id = $2 AND state <> 'done'`,
      [provider, eventId, problem.slice(0, 500), isParked],
    );
  }

  /** Takes it up again, whatever became of it. False when there is none. */
  async reopen(provider: ProviderName, eventId: string): Promise<boolean> {
    const reopened = await this.unitOfWork.execute(
      `UPDATE billing_event SET state = 'received', attempts = 0, problem = NULL, done_at = NULL
       WHERE provider = $1 AND event_id = $2`,
      [provider, eventId],
    );
    return reopened > 0;
  }

  /** Takes up the oldest that are parked; several who do so at once share them out. */
  reopenParked(provider: ProviderName, limit: number): Promise<ReopenedEvent[]> {
    return this.unitOfWork.query<ReopenedEvent>(
      `WITH parked AS (
         SELECT event_id FROM billing_event WHERE state = 'parked' AND provider = $1
         ORDER BY received_at, id LIMIT $2 FOR UPDATE SKIP LOCKED),
       reopened AS (
         UPDATE billing_event e SET state = 'received', attempts = 0, problem = NULL, done_at = NULL
         FROM parked p WHERE e.provider = $1 AND e.event_id = p.event_id
         RETURNING e.event_id, e.object_id, e.customer_external_id, e.received_at, e.id)
       SELECT event_id AS "eventId", object_id AS "objectId", customer_external_id AS "customerId"
       FROM reopened ORDER BY received_at, id`,
      [provider, limit],
    );
  }

  /** How many of this provider wait for staff. */
  async parked(provider: ProviderName): Promise<number> {
    const [row] = await this.unitOfWork.read<{ count: number }>(
      {
        name: 'billing-events-parked',
        text: `SELECT count(*)::int AS count FROM billing_event
          WHERE state = 'parked' AND provider = $1`,
        values: [provider],
      },
      billingRole,
    );
    return row!.count;
  }

  /** Those that are not done, by state. */
  open(): Promise<LedgerCount[]> {
    return this.unitOfWork.read<LedgerCount>(
      {
        name: 'billing-events-open',
        text: `SELECT state, count(*)::int AS count,
            extract(epoch FROM now() - min(received_at))::float8 AS age
          FROM billing_event WHERE state <> 'done' GROUP BY state`,
      },
      billingRole,
    );
  }
}
