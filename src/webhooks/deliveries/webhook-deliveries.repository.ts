import { Injectable } from '@nestjs/common';
import {
  keysetSql,
  listPage,
  readCursor,
  type Keyed,
  type ListOrder,
  type ListPage,
} from '../../core/database/keyset.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { DeliveryState } from './webhook-delivery.entity.js';

/** A delivery as listed. */
export interface WebhookDeliveryRow {
  id: string;
  endpointId: string;
  eventId: string;
  type: string;
  state: DeliveryState;
  attempts: number;
  createdAt: Date;
  nextAttemptAt: Date;
  attemptedAt: Date | null;
  status: number | null;
  failure: string | null;
  durationMs: number | null;
}

/** With the first 2 kB of what was sent and answered. */
export interface WebhookDeliveryDetails extends WebhookDeliveryRow {
  url: string;
  /** Null where the reader may not read about the event. */
  request: string | null;
  answer: string | null;
}

export interface DeliveriesQuery {
  endpointId: string | null;
  state: DeliveryState | null;
  cursor: string | null;
  limit: number;
}

export const LATEST: ListOrder = {
  name: 'latest',
  key: 'd.created_at',
  type: 'time',
  id: 'd.id',
  descending: true,
};

/** The log of an organisation, and what people ask to be sent. */
@Injectable()
export class WebhookDeliveriesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Latest first. @throws DomainError `malformed` for an invalid cursor */
  async listed({ endpointId, state, cursor, limit }: DeliveriesQuery) {
    const position = readCursor(LATEST, cursor);
    const { key, from, orderBy, values } = keysetSql(LATEST, position, 4);
    const rows = await this.unitOfWork.read<WebhookDeliveryRow & Keyed>({
      name: `webhook-deliveries-${position?.direction ?? 'first'}`,
      text: `SELECT ${COLUMNS}, ${key} AS key FROM webhook_delivery d
        WHERE d.tenant_id = (SELECT app_tenant_id()) AND ($1::uuid IS NULL OR d.endpoint_id = $1)
          AND ($2::text IS NULL OR d.state = $2) AND ${from}
        ORDER BY ${orderBy} LIMIT $3`,
      values: [endpointId, state, limit + 1, ...values],
    });
    return listPage(rows, LATEST, position, limit) satisfies ListPage<WebhookDeliveryRow>;
  }

  async find(id: string): Promise<WebhookDeliveryDetails | null> {
    const [row] = await this.unitOfWork.read<WebhookDeliveryDetails>({
      name: 'webhook-delivery',
      text: `SELECT ${COLUMNS}, e.url, left(v.body, 2048) AS request, d.answer
        FROM webhook_delivery d
        JOIN webhook_event v ON v.id = d.event_id AND v.tenant_id = d.tenant_id
        JOIN webhook_endpoint e ON e.id = d.endpoint_id AND e.tenant_id = d.tenant_id
        WHERE d.tenant_id = (SELECT app_tenant_id()) AND d.id = $1`,
      values: [id],
    });
    return row ?? null;
  }

  /** Sends the event of a delivery once more, to an endpoint that is enabled. Returns the id; null: none. */
  async repeat(id: string): Promise<string | null> {
    const [row] = await this.unitOfWork.query<{ id: string }>(
      `INSERT INTO webhook_delivery (tenant_id, endpoint_id, event_id, type)
       SELECT d.tenant_id, d.endpoint_id, d.event_id, d.type
       FROM webhook_delivery d
       JOIN webhook_endpoint e ON e.tenant_id = d.tenant_id AND e.id = d.endpoint_id
       WHERE d.tenant_id = app_tenant_id() AND d.id = $1 AND ${IS_ENABLED} RETURNING id`,
      [id],
    );
    return row?.id ?? null;
  }

  /**
   * Sends the events of an endpoint since a time once more, each once; those that are on their way are left out, and
   * with `onlyFailed` those that have arrived.
   */
  repeatSince(endpointId: string, since: Date, onlyFailed: boolean): Promise<number> {
    return this.unitOfWork.execute(
      `INSERT INTO webhook_delivery (tenant_id, endpoint_id, event_id, type)
       SELECT d.tenant_id, d.endpoint_id, d.event_id, min(d.type)
       FROM webhook_delivery d
       JOIN webhook_endpoint e ON e.tenant_id = d.tenant_id AND e.id = d.endpoint_id
       WHERE d.tenant_id = app_tenant_id() AND d.endpoint_id = $1 AND ${IS_ENABLED}
         AND d.event_id IN (SELECT event_id FROM webhook_delivery
           WHERE tenant_id = app_tenant_id() AND endpoint_id = $1 AND created_at >= $2)
       GROUP BY 1, 2, 3
       HAVING bool_and(d.state IN ('delivered', 'failed'))
         AND ($3 = false OR bool_and(d.state = 'failed'))`,
      [endpointId, since, onlyFailed],
    );
  }
}

const IS_ENABLED = 'e.disabled_at IS NULL AND e.deleted_at IS NULL';

const COLUMNS = `d.id, d.endpoint_id AS "endpointId", d.event_id AS "eventId", d.type, d.state,
  d.attempts, d.created_at AS "createdAt", d.next_attempt_at AS "nextAttemptAt",
  d.attempted_at AS "attemptedAt", d.status, d.failure, d.duration_ms AS "durationMs"`;
