import { Injectable } from '@nestjs/common';
import { webhooksRole } from '../../core/database/privileged/webhooks.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';

export interface NewWebhookEvent {
  /** UUID; receivers know the event by it (`webhook-id`). */
  id: string;
  tenantId: string;
  type: string;
  /** JSON, at most 20 kB; sent byte for byte at each attempt. */
  body: string;
}

@Injectable()
export class WebhookEventsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Posts the event, with a delivery for each endpoint that has chosen it, to the open unit of work. `added` is told
   * the number of deliveries; without any, and in a closed organisation, there is no event.
   */
  addForChoosers(
    { id, tenantId, type, body }: NewWebhookEvent,
    added: (deliveries: number) => void,
  ): Promise<void> {
    const statement = {
      name: 'webhook-event',
      text: `WITH chosen AS (SELECT e.id FROM webhook_endpoint e
         WHERE e.tenant_id = $2 AND e.deleted_at IS NULL AND e.disabled_at IS NULL AND $3 = ANY (e.events)
           AND EXISTS (SELECT FROM tenant t WHERE t.id = $2 AND t.erase_at IS NULL)),
       event AS (INSERT INTO webhook_event (id, tenant_id, type, body)
         SELECT $1::uuid, $2::uuid, $3::varchar, $4 WHERE EXISTS (SELECT FROM chosen) RETURNING id)
       INSERT INTO webhook_delivery (tenant_id, endpoint_id, event_id, type)
       SELECT $2::uuid, chosen.id, event.id, $3 FROM chosen CROSS JOIN event`,
      values: [id, tenantId, type, body],
    };
    return this.unitOfWork.post(statement, webhooksRole, added);
  }

  /** Writes the event with a delivery to one endpoint. Returns the id of the delivery. */
  async addFor(endpointId: string, event: NewWebhookEvent): Promise<string> {
    const { id, tenantId, type, body } = event;
    const [row] = await this.unitOfWork.query<{ id: string }>(
      `WITH event AS (INSERT INTO webhook_event (id, tenant_id, type, body)
         VALUES ($1, $2, $3, $4) RETURNING id)
       INSERT INTO webhook_delivery (tenant_id, endpoint_id, event_id, type)
       SELECT $2::uuid, $5::uuid, event.id, $3::varchar FROM event RETURNING id`,
      [id, tenantId, type, body, endpointId],
    );
    return row!.id;
  }
}
