import { Injectable } from '@nestjs/common';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { CustomerDetails, PostalAddress } from '../provider/payment-provider.js';
import type { AddedSeats, ManualSubscription } from './manual-subscription.js';

/** Whom invoices are made out to. */
export interface ManualCustomer {
  tenantId: string;
  name: string;
  email: string;
  locale: string;
  street: string;
  postalCode: string;
  city: string;
  country: string | null;
  vatNumber: string | null;
  purchaseOrder: string | null;
}

interface Row extends Omit<ManualSubscription, 'pending'> {
  pending: unknown;
}

const SUBSCRIPTION = `id, tenant_id AS "tenantId", price_key AS "priceKey", seats,
  payment_days AS "paymentDays", started_at AS "startedAt", period_start AS "periodStart",
  period_end AS "periodEnd", trial_ends_at AS "trialEndsAt",
  cancels_at_period_end AS "cancelsAtPeriodEnd", canceled_at AS "canceledAt",
  ended_at AS "endedAt", revision, pending`;

/** The books of the provider "manual". As the role billing; those of the organisation in context, unless it says so. */
@Injectable()
export class ManualRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Says what is known of the customer now; the postal address stays. */
  async putCustomer(details: CustomerDetails): Promise<void> {
    const { name, email, locale, country, vatNumber } = details;
    await this.unitOfWork.execute(
      `INSERT INTO manual_customer (tenant_id, name, email, locale, country, vat_number)
       VALUES (app_tenant_id(), $1, $2, $3, $4, $5)
       ON CONFLICT (tenant_id) DO UPDATE SET name = excluded.name, email = excluded.email,
         locale = excluded.locale, country = excluded.country, vat_number = excluded.vat_number`,
      [name, email, locale, country, vatNumber],
    );
  }

  async putAddress({ street, postalCode, city, purchaseOrder }: PostalAddress): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE manual_customer SET street = $1, postal_code = $2, city = $3, purchase_order = $4
       WHERE tenant_id = app_tenant_id()`,
      [street, postalCode, city, purchaseOrder],
    );
  }

  async customer(): Promise<ManualCustomer | null> {
    const [row] = await this.unitOfWork.query<ManualCustomer>(
      `SELECT tenant_id AS "tenantId", name, email, locale, street, postal_code AS "postalCode",
         city, country, vat_number AS "vatNumber", purchase_order AS "purchaseOrder"
       FROM manual_customer WHERE tenant_id = app_tenant_id()`,
    );
    return row ?? null;
  }

  /** Those who sell to one customer take turns. False where it is none. */
  async lockCustomer(): Promise<boolean> {
    const rows = await this.unitOfWork.query<{ tenantId: string }>(
      `SELECT tenant_id AS "tenantId" FROM manual_customer
       WHERE tenant_id = app_tenant_id() FOR UPDATE`,
    );
    return rows.length > 0;
  }

  /** Of all organisations, in the order of their ids: those after one. */
  customersAfter(tenantId: string | null, limit: number): Promise<{ tenantId: string }[]> {
    return this.unitOfWork.read<{ tenantId: string }>(
      {
        name: 'manual-customers',
        text: `SELECT tenant_id AS "tenantId" FROM manual_customer
          WHERE $1::uuid IS NULL OR tenant_id > $1 ORDER BY tenant_id LIMIT $2`,
        values: [tenantId, limit],
      },
      billingRole,
    );
  }

  /** Whose it is, whoever that is; null where nobody has it. */
  async ownerOf(subscriptionId: string): Promise<string | null> {
    const [row] = await this.unitOfWork.read<{ tenantId: string }>(
      {
        name: 'owner-of-manual-subscription',
        text: `SELECT tenant_id AS "tenantId" FROM manual_subscription WHERE id = $1`,
        values: [subscriptionId],
      },
      billingRole,
    );
    return row?.tenantId ?? null;
  }

  /** Organisations, whoever they are, with a period that is over. */
  async due(now: Date, limit: number): Promise<string[]> {
    const rows = await this.unitOfWork.read<{ tenantId: string }>(
      {
        name: 'due-manual-subscriptions',
        text: `SELECT tenant_id AS "tenantId" FROM manual_subscription
          WHERE ended_at IS NULL AND period_end <= $1 ORDER BY period_end LIMIT $2`,
        values: [now, limit],
      },
      billingRole,
    );
    return rows.map(({ tenantId }) => tenantId);
  }

  async add(subscription: Omit<ManualSubscription, 'id' | 'tenantId'>): Promise<string> {
    const { priceKey, seats, paymentDays, startedAt, periodStart, periodEnd } = subscription;
    const [row] = await this.unitOfWork.query<{ id: string }>(
      `INSERT INTO manual_subscription (tenant_id, price_key, seats, payment_days, started_at,
         period_start, period_end, trial_ends_at)
       VALUES (app_tenant_id(), $1, $2, $3, $4, $5, $6, $7) RETURNING id`,
      [
        ...[priceKey, seats, paymentDays, startedAt, periodStart, periodEnd],
        subscription.trialEndsAt,
      ],
    );
    if (!row) throw new Error('The subscription was not written down');
    return row.id;
  }

  /** Newest first. */
  async all(): Promise<ManualSubscription[]> {
    const rows = await this.unitOfWork.query<Row>(
      `SELECT ${SUBSCRIPTION} FROM manual_subscription
       WHERE tenant_id = app_tenant_id() ORDER BY started_at DESC, id`,
    );
    return rows.map(readRow);
  }

  /** Nobody else changes it before the unit of work ends. */
  async lock(id: string): Promise<ManualSubscription | null> {
    const [row] = await this.unitOfWork.query<Row>(
      `SELECT ${SUBSCRIPTION} FROM manual_subscription
       WHERE id = $1 AND tenant_id = app_tenant_id() FOR UPDATE`,
      [id],
    );
    return row ? readRow(row) : null;
  }

  /** The one that has not ended; null where there is none. Nobody else changes it before the unit of work ends. */
  async lockLive(): Promise<ManualSubscription | null> {
    const [row] = await this.unitOfWork.query<Row>(
      `SELECT ${SUBSCRIPTION} FROM manual_subscription
       WHERE tenant_id = app_tenant_id() AND ended_at IS NULL FOR UPDATE`,
    );
    return row ? readRow(row) : null;
  }

  async save(subscription: ManualSubscription): Promise<void> {
    const { id, priceKey, seats, periodStart, periodEnd, trialEndsAt } = subscription;
    const { cancelsAtPeriodEnd, canceledAt, endedAt, revision, pending } = subscription;
    await this.unitOfWork.execute(
      `UPDATE manual_subscription SET price_key = $2, seats = $3, period_start = $4,
         period_end = $5, trial_ends_at = $6, cancels_at_period_end = $7, canceled_at = $8,
         ended_at = $9, revision = $10, pending = $11
       WHERE id = $1 AND tenant_id = app_tenant_id()`,
      [
        ...[id, priceKey, seats, periodStart, periodEnd, trialEndsAt],
        ...[cancelsAtPeriodEnd, canceledAt, endedAt, revision, JSON.stringify(pending)],
      ],
    );
  }
}

function readRow({ pending, ...row }: Row): ManualSubscription {
  return { ...row, pending: pending as AddedSeats[] };
}
