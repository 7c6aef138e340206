import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { ProviderName } from '../provider/payment-provider.js';

export interface OpenCheckout {
  id: string;
  provider: ProviderName;
  externalId: string | null;
  priceKey: string;
  seats: number;
  url: string | null;
  expiresAt: Date | null;
}

/** Checkouts of the organisation in context: at most one is open. */
@Injectable()
export class CheckoutsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async open(): Promise<OpenCheckout | null> {
    const [row] = await this.unitOfWork.read<OpenCheckout>({
      name: 'open-checkout',
      text: `SELECT id, provider, external_id AS "externalId", price_key AS "priceKey", seats, url,
          expires_at AS "expiresAt"
        FROM checkout WHERE tenant_id = app_tenant_id() AND state = 'open'`,
    });
    return row ?? null;
  }

  /** `open`, `completed` or `abandoned`; null when it is no checkout of this organisation. */
  async stateOf(id: string): Promise<string | null> {
    const [row] = await this.unitOfWork.read<{ state: string }>({
      name: 'checkout-state',
      text: 'SELECT state FROM checkout WHERE id = $1 AND tenant_id = app_tenant_id()',
      values: [id],
    });
    return row?.state ?? null;
  }

  /** In a unit of work. */
  async add(checkout: {
    id: string;
    provider: ProviderName;
    priceKey: string;
    seats: number;
    trialDays: number;
  }): Promise<void> {
    await this.unitOfWork.execute(
      `INSERT INTO checkout (id, tenant_id, provider, price_key, seats, trial_days, created_by)
       VALUES ($1, app_tenant_id(), $2, $3, $4, $5, app_actor_id())`,
      [checkout.id, checkout.provider, checkout.priceKey, checkout.seats, checkout.trialDays],
    );
  }

  async started(id: string, externalId: string, url: string, expiresAt: Date): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE checkout SET external_id = $2, url = $3, expires_at = $4
       WHERE id = $1 AND tenant_id = app_tenant_id()`,
      [id, externalId, url, expiresAt],
    );
  }

  async abandon(id: string): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE checkout SET state = 'abandoned'
       WHERE id = $1 AND tenant_id = app_tenant_id() AND state = 'open'`,
      [id],
    );
  }

  /** As the role billing: those that subscriptions came of. */
  async completed(ids: string[]): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE checkout SET state = 'completed'
       WHERE tenant_id = app_tenant_id() AND id::text = ANY ($1) AND state <> 'completed'`,
      [ids],
    );
  }
}
