import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { ProviderName } from '../provider/payment-provider.js';

/** What an organisation wants on its invoices. */
export interface BillingDetails {
  legalName: string | null;
  /** Where invoices go. */
  email: string | null;
  address: string | null;
  postalCode: string | null;
  city: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
  /** With its prefix: `BE0403170701`. */
  vatNumber: string | null;
  purchaseOrder: string | null;
}

export interface SavedBillingDetails extends BillingDetails {
  /** One more with each change; 0 before the first. */
  version: number;
}

/** Billing details of the organisation in context. */
@Injectable()
export class BillingDetailsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async find(provider: ProviderName): Promise<SavedBillingDetails | null> {
    const [row] = await this.unitOfWork.read<SavedBillingDetails>({
      name: 'own-billing-details',
      text: `SELECT legal_name AS "legalName", email, address, postal_code AS "postalCode", city,
          country, vat_number AS "vatNumber", purchase_order AS "purchaseOrder",
          details_version AS version
        FROM billing_customer WHERE provider = $1 AND tenant_id = app_tenant_id()`,
      values: [provider],
    });
    return row ?? null;
  }

  /** In a unit of work. False when somebody else saved since `version`. */
  async save(provider: ProviderName, details: BillingDetails, version: number): Promise<boolean> {
    const { legalName, email, address, postalCode, city, country } = details;
    const saved = await this.unitOfWork.execute(
      `INSERT INTO billing_customer AS present (tenant_id, provider, legal_name, email, address,
         postal_code, city, country, vat_number, purchase_order, details_version)
       SELECT app_tenant_id(), $1::varchar, $2, $3, $4, $5, $6, $7, $8, $9, 1
       WHERE $10::integer = 0 OR EXISTS (SELECT FROM billing_customer
         WHERE provider = $1::varchar AND tenant_id = app_tenant_id())
       ON CONFLICT (provider, tenant_id) DO UPDATE SET legal_name = excluded.legal_name,
         email = excluded.email, address = excluded.address, postal_code = excluded.postal_code,
         city = excluded.city, country = excluded.country, vat_number = excluded.vat_number,
         purchase_order = excluded.purchase_order, details_version = present.details_version + 1
       WHERE present.details_version = $10::integer`,
      [
        provider,
        ...[legalName, email, address, postalCode, city, country],
        ...[details.vatNumber, details.purchaseOrder, version],
      ],
    );
    return saved > 0;
  }
}
