import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { SandboxAccount, SandboxCheckout } from './sandbox-account.js';

/** What is done to notifications on their way, so that one sees the other side bear it. */
export interface SandboxSettings {
  /** How far the clock of the sandbox is ahead, in milliseconds. */
  ahead: number;
  /** Each is sent twice. */
  duplicate: boolean;
  /** The newest first. */
  reorder: boolean;
  /** Never sent: only reconciliation finds out. */
  drop: boolean;
  /** Signed with another secret. */
  badSignature: boolean;
  /** Signed an hour ago. */
  stale: boolean;
  /** Sent so many milliseconds later. */
  delay: number;
  /** Answers nothing, as a provider that is down. */
  isDown: boolean;
}

export const DEFAULT_SETTINGS: SandboxSettings = {
  ahead: 0,
  duplicate: false,
  reorder: false,
  drop: false,
  badSignature: false,
  stale: false,
  delay: 0,
  isDown: false,
};

export interface SandboxNotification {
  id: string;
  type: string;
  objectId: string;
  customerId: string;
  createdAt: string;
  tries: number;
  /** Not before then. */
  deliverAt: string;
  isDelivered: boolean;
}

type Kind = 'account' | 'checkout' | 'notification' | 'settings';

/** The database of the sandbox: objects by id. It knows nothing of ours. As the role billing. */
@Injectable()
export class SandboxRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async settings(): Promise<SandboxSettings> {
    const kept = await this.find<Partial<SandboxSettings>>('settings', 'settings');
    return { ...DEFAULT_SETTINGS, ...kept };
  }

  async setSettings(settings: SandboxSettings): Promise<void> {
    await this.put('settings', 'settings', settings);
  }

  /** Nobody else changes the account before the unit of work ends. */
  account(id: string): Promise<SandboxAccount | null> {
    return this.find('account', id, true);
  }

  async accountOf(tenantId: string): Promise<SandboxAccount | null> {
    const [row] = await this.unitOfWork.query<{ data: SandboxAccount }>(
      `SELECT data FROM sandbox_object WHERE kind = 'account' AND data->>'tenantId' = $1`,
      [tenantId],
    );
    return row?.data ?? null;
  }

  async accountOfSubscription(subscriptionId: string): Promise<SandboxAccount | null> {
    const [row] = await this.unitOfWork.query<{ data: SandboxAccount }>(
      `SELECT data FROM sandbox_object WHERE kind = 'account'
         AND data->'subscriptions' @> jsonb_build_array(jsonb_build_object('id', $1::text))
       FOR UPDATE`,
      [subscriptionId],
    );
    return row?.data ?? null;
  }

  async accounts(): Promise<SandboxAccount[]> {
    const rows = await this.unitOfWork.query<{ data: SandboxAccount }>(
      `SELECT data FROM sandbox_object WHERE kind = 'account' ORDER BY position FOR UPDATE`,
    );
    return rows.map(({ data }) => data);
  }

  async saveAccount(account: SandboxAccount): Promise<void> {
    await this.put('account', account.id, account, account.id);
  }

  /** False where the organisation has an account already: two at once make one. */
  async addAccount(account: SandboxAccount): Promise<boolean> {
    const added = await this.unitOfWork.execute(
      `INSERT INTO sandbox_object (id, kind, customer_id, data)
       VALUES ($1, 'account', $1, $2) ON CONFLICT DO NOTHING`,
      [account.id, JSON.stringify(account)],
    );
    return added > 0;
  }

  checkout(id: string): Promise<SandboxCheckout | null> {
    return this.find('checkout', id, true);
  }

  async saveCheckout(checkout: SandboxCheckout): Promise<void> {
    await this.put('checkout', checkout.id, checkout, checkout.customerId);
  }

  async addNotification(notification: SandboxNotification): Promise<void> {
    await this.put('notification', notification.id, notification, notification.customerId);
  }

  /** Those that are due; others who ask at the same time get others. Within a unit of work. */
  async dueNotifications(now: Date, isNewestFirst: boolean): Promise<SandboxNotification[]> {
    const rows = await this.unitOfWork.query<{ data: SandboxNotification }>(
      `SELECT data FROM sandbox_object WHERE kind = 'notification'
         AND NOT (data->>'isDelivered')::boolean AND data->>'deliverAt' <= $1
       ORDER BY position ${isNewestFirst ? 'DESC' : 'ASC'} LIMIT 20 FOR UPDATE SKIP LOCKED`,
      [now.toISOString()],
    );
    return rows.map(({ data }) => data);
  }

  async undelivered(since: Date): Promise<SandboxNotification[]> {
    const rows = await this.unitOfWork.query<{ data: SandboxNotification }>(
      `SELECT data FROM sandbox_object WHERE kind = 'notification'
         AND NOT (data->>'isDelivered')::boolean AND data->>'createdAt' >= $1 ORDER BY position`,
      [since.toISOString()],
    );
    return rows.map(({ data }) => data);
  }

  private async find<T>(kind: Kind, id: string, isLocked = false): Promise<T | null> {
    const [row] = await this.unitOfWork.query<{ data: T }>(
      `SELECT data FROM sandbox_object WHERE kind = $1 AND id = $2 ${isLocked ? 'FOR UPDATE' : ''}`,
      [kind, id],
    );
    return row?.data ?? null;
  }

  private async put(kind: Kind, id: string, data: object, customerId?: string): Promise<void> {
    await this.unitOfWork.execute(
      `INSERT INTO sandbox_object (id, kind, customer_id, data) VALUES ($1, $2, $3, $4)
       ON CONFLICT (id) DO UPDATE SET data = excluded.data`,
      [id, kind, customerId ?? null, JSON.stringify(data)],
    );
  }
}
