import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { priceOf } from '../catalogue/catalogue.js';
import type { BillingInterval } from '../catalogue/plan.js';
import type { ProviderSubscription } from '../provider/customer-state.js';
import type { ProviderName } from '../provider/payment-provider.js';
import type { SubscriptionStatus } from '../provider/subscription-status.js';

/** The live subscription of an organisation, as we last learned it. */
export interface LiveSubscription {
  id: string;
  provider: ProviderName;
  externalId: string;
  status: SubscriptionStatus;
  priceKey: string | null;
  planKey: string | null;
  planVersion: number | null;
  interval: BillingInterval;
  quantity: number;
  currency: string;
  /** Minor units, as a string of digits. */
  unitAmount: string;
  currentPeriodStart: Date;
  currentPeriodEnd: Date;
  trialEndsAt: Date | null;
  cancelAt: Date | null;
  pastDueSince: Date | null;
  confirmationUrl: string | null;
  revision: number;
}

/** One that is or was, in the names of the columns. */
export type SubscriptionRow = {
  id: string;
  status: SubscriptionStatus;
  plan_key: string | null;
  billing_interval: BillingInterval;
  quantity: number;
  currency: string;
  unit_amount: string;
  started_at: Date;
  current_period_end: Date;
  cancel_at: Date | null;
  ended_at: Date | null;
};

const LIVE = `SELECT id, provider, external_id AS "externalId", status, price_key AS "priceKey",
    plan_key AS "planKey", plan_version AS "planVersion", billing_interval AS interval, quantity,
    currency, unit_amount AS "unitAmount", current_period_start AS "currentPeriodStart",
    current_period_end AS "currentPeriodEnd", trial_ends_at AS "trialEndsAt", cancel_at AS "cancelAt",
    past_due_since AS "pastDueSince", confirmation_url AS "confirmationUrl", revision
  FROM subscription WHERE tenant_id = app_tenant_id() AND is_live`;

/** What was fetched earlier than what is there changes nothing. */
const UPSERT = `INSERT INTO subscription AS present (tenant_id, customer_id, provider, external_id, status,
    raw_status, price_key, plan_key, plan_version, billing_interval, quantity, currency, unit_amount,
    is_live, started_at, current_period_start, current_period_end, trial_ends_at, cancel_at,
    canceled_at, ended_at, past_due_since, confirmation_url, fetched_at)
  VALUES (app_tenant_id(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
    $18, $19, $20, $21, $22, $23)
  ON CONFLICT (provider, external_id) DO UPDATE SET customer_id = excluded.customer_id,
    status = excluded.status, raw_status = excluded.raw_status, price_key = excluded.price_key,
    plan_key = excluded.plan_key, plan_version = excluded.plan_version,
    billing_interval = excluded.billing_interval, quantity = excluded.quantity,
    currency = excluded.currency, unit_amount = excluded.unit_amount, is_live = excluded.is_live,
    started_at = excluded.started_at, current_period_start = excluded.current_period_start,
    current_period_end = excluded.current_period_end, trial_ends_at = excluded.trial_ends_at,
    cancel_at = excluded.cancel_at, canceled_at = excluded.canceled_at,
    ended_at = excluded.ended_at, past_due_since = excluded.past_due_since,
    confirmation_url = excluded.confirmation_url, fetched_at = excluded.fetched_at
  WHERE present.fetched_at <= excluded.fetched_at`;

@Injectable()
export class SubscriptionsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Of the organisation in context; null where it has none. */
  async live(): Promise<LiveSubscription | null> {
    const [row] = await this.unitOfWork.read<LiveSubscription>({
      name: 'live-subscription',
      text: LIVE,
    });
    return row ?? null;
  }

  /** Every one of the organisation in context in the order of their ids, those after an id. */
  all(after: string | null, limit: number): Promise<SubscriptionRow[]> {
    return this.unitOfWork.read<SubscriptionRow>({
      name: 'all-subscriptions',
      text: `SELECT id, status, plan_key, billing_interval, quantity, currency, unit_amount, started_at,
          current_period_end, cancel_at, ended_at
        FROM subscription WHERE tenant_id = app_tenant_id() AND ($1::uuid IS NULL OR id > $1)
        ORDER BY id LIMIT $2`,
      values: [after, limit],
    });
  }

  /** Whether the organisation in context ever had one that was more than tried. */
  async hadAny(): Promise<boolean> {
    const [row] = await this.unitOfWork.read<{ hadAny: boolean }>({
      name: 'had-subscription',
      text: `SELECT EXISTS (SELECT FROM subscription WHERE tenant_id = app_tenant_id()
          AND status NOT IN ('incomplete', 'incomplete_expired')) AS "hadAny"`,
    });
    return row!.hadAny;
  }

  /** As the role billing: the next number of a change, so that each has an idempotency key of its own. */
  async nextRevision(id: string): Promise<number> {
    const [row] = await this.unitOfWork.query<{ revision: number }>(
      `UPDATE subscription SET revision = revision + 1
       WHERE id = $1 AND tenant_id = app_tenant_id() RETURNING revision`,
      [id],
    );
    return row!.revision;
  }

  /**
   * As the role billing, after the organisation was locked: the subscriptions of its customer, of which
   * `liveId` is the one that counts. What was fetched earlier than what is there changes nothing.
   */
  async replace(
    provider: ProviderName,
    customerId: string,
    subscriptions: readonly ProviderSubscription[],
    liveId: string | null,
    fetchedAt: Date,
  ): Promise<void> {
    await this.unitOfWork.query(
      `SELECT 1 FROM subscription WHERE tenant_id = app_tenant_id() ORDER BY id FOR UPDATE`,
    );
    // First the one that no longer lives: there is never more than one that does.
    await this.unitOfWork.execute(
      `UPDATE subscription SET is_live = false
       WHERE tenant_id = app_tenant_id() AND is_live AND external_id IS DISTINCT FROM $1
         AND provider = $2 AND fetched_at <= $3`,
      [liveId, provider, fetchedAt],
    );
    for (const one of subscriptions) {
      await this.upsert(provider, customerId, one, one.id === liveId, fetchedAt);
    }
  }

  private async upsert(
    provider: ProviderName,
    customerId: string,
    one: ProviderSubscription,
    isLive: boolean,
    fetchedAt: Date,
  ): Promise<void> {
    const price = one.priceKey ? priceOf(one.priceKey) : null;
    await this.unitOfWork.execute(UPSERT, [
      ...[customerId, provider, one.id, one.status, one.rawStatus.slice(0, 60), one.priceKey],
      ...[price?.plan ?? null, price?.version ?? null, one.interval, one.quantity],
      ...[one.unitPrice.currency, one.unitPrice.amount.toString(), isLive, one.startedAt],
      ...[one.currentPeriodStart, one.currentPeriodEnd, one.trialEndsAt, one.cancelAt],
      ...[one.canceledAt, one.endedAt, one.pastDueSince, one.confirmationUrl, fetchedAt],
    ]);
  }
}
