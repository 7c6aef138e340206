import { Injectable } from '@nestjs/common';
import { TenantScopedRepository } from '../../core/database/tenant-scoped.repository.js';
import { LOCK_ORGANISATION } from '../../users/organisation-lock.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { WebhookEndpoint, type DisabledReason } from './webhook-endpoint.entity.js';

/** An endpoint as listed. */
export interface WebhookEndpointRow {
  id: string;
  url: string;
  description: string | null;
  events: string[];
  createdAt: Date;
  disabledAt: Date | null;
  disabledReason: DisabledReason | null;
  failingSince: Date | null;
  previousSecretUntil: Date | null;
}

@Injectable()
export class WebhookEndpointsRepository extends TenantScopedRepository<WebhookEndpoint> {
  protected override readonly unique = {
    uq_webhook_endpoint_url: { field: 'url', key: 'webhooks.errors.url_taken' },
  } as const;

  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, WebhookEndpoint);
  }

  /** All of the organisation (16 at most), by creation. */
  listed(): Promise<WebhookEndpointRow[]> {
    return this.read<WebhookEndpointRow>({
      name: 'webhook-endpoints',
      text: `SELECT e.id, e.url, e.description, e.events, e.created_at AS "createdAt",
          e.disabled_at AS "disabledAt",
          e.disabled_reason AS "disabledReason", e.failing_since AS "failingSince",
          e.previous_secret_until AS "previousSecretUntil"
        FROM webhook_endpoint e WHERE e.tenant_id = app_tenant_id() AND e.deleted_at IS NULL
        ORDER BY e.created_at, e.id`,
    });
  }

  /** Counts the endpoints and locks their number until the unit of work ends. */
  async lockAndCount(): Promise<number> {
    await this.unitOfWork.post(LOCK_ORGANISATION);
    const [row] = await this.unitOfWork.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM webhook_endpoint
       WHERE tenant_id = app_tenant_id() AND deleted_at IS NULL`,
    );
    return row!.count;
  }

  /** Replaces the secret; the one before signs as well for 24 hours. */
  async rotate(id: string, sealed: Buffer): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE webhook_endpoint SET previous_secret = secret, secret = $2, version = version + 1,
         previous_secret_until = now() + interval '24 hours'
       WHERE tenant_id = app_tenant_id() AND id = $1`,
      [id, sealed],
    );
  }
}
