import { Injectable } from '@nestjs/common';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { PaymentMethodState } from '../provider/customer-state.js';
import type { ProviderName } from '../provider/payment-provider.js';

export interface BillingCustomer {
  id: string;
  tenantId: string;
  /** Null until the provider made one. */
  externalId: string | null;
  legalName: string | null;
  email: string | null;
  country: string | null;
  vatNumber: string | null;
  paymentMethod: PaymentMethodState['kind'];
  paymentLabel: string | null;
  trialStartedAt: Date | null;
  fetchedAt: Date | null;
}

export type BillingDetailsRow = {
  provider: string;
  legal_name: string | null;
  email: string | null;
  address: string | null;
  postal_code: string | null;
  city: string | null;
  country: string | null;
  vat_number: string | null;
  purchase_order: string | null;
};

const COLUMNS = `id, tenant_id AS "tenantId", external_id AS "externalId", legal_name AS "legalName",
  email, country, vat_number AS "vatNumber", payment_method AS "paymentMethod",
  payment_label AS "paymentLabel", trial_started_at AS "trialStartedAt", fetched_at AS "fetchedAt"`;

/** Which organisation is which customer. */
@Injectable()
export class BillingCustomersRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Whose customer this is, whoever asks; null when it is nobody's. */
  async tenantOf(provider: ProviderName, externalId: string): Promise<string | null> {
    const [row] = await this.unitOfWork.read<{ tenantId: string }>(
      {
        name: 'tenant-of-billing-customer',
        text: `SELECT tenant_id AS "tenantId" FROM billing_customer
          WHERE provider = $1 AND external_id = $2`,
        values: [provider, externalId],
      },
      billingRole,
    );
    return row?.tenantId ?? null;
  }

  /** Customers of all organisations that are there, in the order of their ids: those after one. */
  page(provider: ProviderName, after: string | null, limit: number): Promise<BillingCustomer[]> {
    return this.unitOfWork.read<BillingCustomer>(
      {
        name: 'billing-customers',
        text: `SELECT ${COLUMNS} FROM billing_customer
          WHERE provider = $1 AND external_id IS NOT NULL AND ($2::uuid IS NULL OR id > $2)
            AND EXISTS (SELECT FROM tenant t WHERE t.id = billing_customer.tenant_id)
          ORDER BY id LIMIT $3`,
        values: [provider, after, limit],
      },
      billingRole,
    );
  }

  /** What the organisation in context said of itself, in the names of the columns. */
  details(): Promise<BillingDetailsRow[]> {
    return this.unitOfWork.read<BillingDetailsRow>({
      name: 'billing-details',
      text: `SELECT provider, legal_name, email, address, postal_code, city, country, vat_number,
          purchase_order
        FROM billing_customer WHERE tenant_id = app_tenant_id() ORDER BY created_at, id`,
    });
  }

  /** Of the organisation in context. */
  async own(provider: ProviderName): Promise<BillingCustomer | null> {
    const [row] = await this.unitOfWork.read<BillingCustomer>({
      name: 'own-billing-customer',
      text: `SELECT ${COLUMNS} FROM billing_customer
        WHERE provider = $1 AND tenant_id = app_tenant_id()`,
      values: [provider],
    });
    return row ?? null;
  }

  /** In the open unit of work; nobody else changes it before that ends. */
  async lockOwn(provider: ProviderName): Promise<BillingCustomer | null> {
    const [row] = await this.unitOfWork.query<BillingCustomer>(
      `SELECT ${COLUMNS} FROM billing_customer
       WHERE provider = $1 AND tenant_id = app_tenant_id() FOR UPDATE`,
      [provider],
    );
    return row ?? null;
  }

  /**
   * The organisation in context is this customer from now on. False when the customer is another
   * organisation's, or this one is another customer. Two at once may add the row: `ON CONFLICT` that names one
   * constraint would fail at the other.
   */
  async claim(provider: ProviderName, externalId: string): Promise<boolean> {
    return (
      (await this.update(provider, externalId)) ||
      (await this.insert(provider, externalId)) ||
      // Somebody else has added it meanwhile.
      (await this.update(provider, externalId))
    );
  }

  private async update(provider: ProviderName, externalId: string): Promise<boolean> {
    const updated = await this.unitOfWork.execute(
      `UPDATE billing_customer SET external_id = $2::varchar
       WHERE provider = $1::varchar AND tenant_id = app_tenant_id()
         AND (external_id IS NULL OR external_id = $2::varchar)
         AND NOT EXISTS (SELECT FROM billing_customer other WHERE other.provider = $1::varchar
           AND other.external_id = $2::varchar AND other.tenant_id <> app_tenant_id())`,
      [provider, externalId],
    );
    return updated > 0;
  }

  private async insert(provider: ProviderName, externalId: string): Promise<boolean> {
    const inserted = await this.unitOfWork.execute(
      `INSERT INTO billing_customer (tenant_id, provider, external_id)
       VALUES (app_tenant_id(), $1, $2) ON CONFLICT DO NOTHING`,
      [provider, externalId],
    );
    return inserted > 0;
  }

  /** In a unit of work. Refused by `uq_billing_customer_trial_vat_number` where the company had one elsewhere. */
  async reserveTrial(provider: ProviderName): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE billing_customer SET trial_started_at = coalesce(trial_started_at, now())
       WHERE provider = $1 AND tenant_id = app_tenant_id()`,
      [provider],
    );
  }

  /** As the role billing. */
  async synced(id: string, { kind, label }: PaymentMethodState, fetchedAt: Date): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE billing_customer SET payment_method = $2, payment_label = $3, fetched_at = $4
       WHERE id = $1 AND tenant_id = app_tenant_id()`,
      [id, kind, label, fetchedAt],
    );
  }
}
