import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditTrail, differences } from '../../audit/audit-trail.service.js';
import { AppConfig } from '../../core/config/config.js';
import type { Actor, Principal } from '../../core/context/principal.js';
import { isDuplicate } from '../../core/database/database-errors.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { currentContext } from '../../core/context/request-context.js';
import { DEFAULT_LOCALE, type Locale } from '../../core/i18n/locales.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import { requirePermission } from '../../core/http/access/require-permission.js';
import type { CustomerDetails } from '../provider/payment-provider.js';
import { Providers } from '../provider/providers.js';
import { BillingCustomersRepository } from '../sync/billing-customers.repository.js';
import {
  BillingDetailsRepository,
  type BillingDetails,
  type SavedBillingDetails,
} from '../sync/billing-details.repository.js';
import { readVatNumber } from '../tax/vat-number/vat-number.js';
import { ReferenceOptions } from '../../reference/reference-options.js';

const NONE: SavedBillingDetails = {
  legalName: null,
  email: null,
  address: null,
  postalCode: null,
  city: null,
  country: null,
  vatNumber: null,
  purchaseOrder: null,
  version: 0,
};

/**
 * Who invoices are made out to. Invoices that were issued stay as they are. The provider is told by a job, so
 * that nothing is lost, and nobody waits, while it does not answer.
 */
@Injectable()
export class BillingDetailsService implements OnModuleInit {
  constructor(
    private readonly config: AppConfig,
    private readonly providers: Providers,
    private readonly details: BillingDetailsRepository,
    private readonly customers: BillingCustomersRepository,
    private readonly reference: ReferenceOptions,
    private readonly audit: AuditTrail,
    private readonly jobs: JobQueue,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('billing_details', ({ tenantId }) => this.tellProvider(tenantId), {
      worksClosed: true,
    });
  }

  async get(me: Actor): Promise<SavedBillingDetails> {
    requirePermission(me, 'billing:read');
    return this.current();
  }

  /** Those of the organisation in context; the caller has asked who may see them. */
  async current(): Promise<SavedBillingDetails> {
    return (await this.details.find(this.providers.current.name)) ?? NONE;
  }

  /**
   * Saves them, and has the provider told where there is a customer. The VAT number is read as people write it.
   * @param version of the details the form was filled in from
   * @throws DomainError `invalid` (VAT number), `conflict` (somebody else saved, or another organisation had
   * its trial with the VAT number)
   */
  async save(me: Principal, given: BillingDetails, version: number): Promise<void> {
    requirePermission(me, 'billing:write');
    await this.store(given, version);
  }

  /**
   * `save` for the organisation in context; the caller has asked who may.
   * @param locale of invoices
   * @returns as they were saved
   */
  async store(
    given: BillingDetails,
    version: number,
    locale = currentContext().locale,
  ): Promise<BillingDetails> {
    await this.requireCountry(given);
    const details = { ...given, vatNumber: vatNumberOf(given) };
    const { name } = this.providers.current;
    await this.unitOfWork.run(async () => {
      const before = (await this.details.find(name)) ?? NONE;
      if (!(await this.saved(details, version))) {
        throw new DomainError('conflict', 'billing.errors.stale_details');
      }
      const changes = differences(told(before), told(details));
      const subject = { kind: 'billing_details', id: null, name: details.legalName };
      if (changes) await this.audit.record({ action: 'billing_details.changed', subject, changes });
      const tenantId = this.unitOfWork.tenantId!;
      await this.jobs.enqueue('billing_details', { tenantId }, { key: tenantId, locale });
    });
    return details;
  }

  private async requireCountry({ country }: BillingDetails): Promise<void> {
    const known = await this.reference.countries(DEFAULT_LOCALE);
    if (country === null || known.some(({ value }) => value === country)) return;
    throw new DomainError('invalid', 'billing.errors.country', { field: 'country' });
  }

  private async saved(details: BillingDetails, version: number): Promise<boolean> {
    const { name } = this.providers.current;
    try {
      return await this.unitOfWork.attempt(() => this.details.save(name, details, version));
    } catch (error) {
      if (!isDuplicate(error, 'uq_billing_customer_trial_vat_number')) throw error;
      throw new DomainError('conflict', 'billing.errors.vat_number_taken', { field: 'vat_number' });
    }
  }

  /** As they are now, which may be later than what caused the job. @throws ProviderUnavailable, ProviderRefused */
  private async tellProvider(tenantId: string): Promise<void> {
    // A job of before selling was switched off.
    if (this.config.BILLING_PROVIDER === 'off') return;
    const provider = this.providers.current;
    const [customer, details] = await Promise.all([
      this.customers.own(provider.name),
      this.details.find(provider.name),
    ]);
    if (!customer?.externalId || !details?.legalName || !details.email) return;
    await provider.ensureCustomer(customerDetailsOf(tenantId, details, currentContext().locale));
  }
}

/** What a provider is told of billing details; an address only where it is whole. */
export function customerDetailsOf(
  tenantId: string,
  details: BillingDetails,
  locale: Locale,
): CustomerDetails {
  const { legalName, email, country, vatNumber, purchaseOrder } = details;
  const { address: street, postalCode, city } = details;
  return {
    ...{ tenantId, locale, country, vatNumber, name: legalName ?? '', email: email ?? '' },
    ...(street && postalCode && city
      ? { address: { street, postalCode, city, purchaseOrder } }
      : {}),
  };
}

/** @throws DomainError `invalid` */
function vatNumberOf({ vatNumber, country }: BillingDetails): string | null {
  if (vatNumber === null) return null;
  const read = readVatNumber(vatNumber, country ?? '');
  if (read) return read.text;
  throw new DomainError('invalid', 'billing.errors.vat_number', { field: 'vat_number' });
}

/** What the audit trail tells of them. */
function told({ legalName, country, vatNumber, email }: BillingDetails) {
  return { legalName, country, vatNumber, email };
}
