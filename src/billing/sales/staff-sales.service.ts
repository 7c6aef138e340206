import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import type { Principal } from '../../core/context/principal.js';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { requireSuperuser } from '../../core/http/access/require-superuser.js';
import type { Locale } from '../../core/i18n/locales.js';
import { MembershipsService } from '../../members/memberships.service.js';
import { TenantPlansRepository } from '../access/tenant-plans.repository.js';
import type { Price } from '../catalogue/plan.js';
import { daysAfter } from '../invoices/seller.js';
import { ManualBooks } from '../manual/manual-books.js';
import { ManualSales } from '../manual/manual-sales.service.js';
import { afterInterval } from '../manual/manual-subscription.js';
import type { PaymentProvider } from '../provider/payment-provider.js';
import { Providers } from '../provider/providers.js';
import {
  BillingDetailsService,
  customerDetailsOf,
} from '../subscriptions/billing-details.service.js';
import { fromProvider } from '../subscriptions/from-provider.js';
import { BillingCustomersRepository } from '../sync/billing-customers.repository.js';
import type { BillingDetails, SavedBillingDetails } from '../sync/billing-details.repository.js';
import { inOrganisation } from '../sync/in-organisation.js';
import { SubscriptionsRepository } from '../sync/subscriptions.repository.js';
import { BillingAdministration } from '../back-office/billing-administration.service.js';
import { seatsFor } from './seats-for.js';

/** Days from today at most until what is sold has to be paid for. */
const LATEST_START = 365;

export interface StaffSale {
  price: Price;
  seats: number;
  /** The first day that is paid, ISO 8601; null: today. */
  startsOn: string | null;
  /** Days to pay an invoice, 0–365. */
  paymentDays: number;
  /** Of invoices and mails. */
  locale: Locale;
  details: BillingDetails;
  /** Of the details the form was filled in from. */
  version: number;
}

/** Superusers sell a subscription by hand: the customer is mailed an invoice and pays by transfer. */
@Injectable()
export class StaffSales {
  constructor(
    private readonly providers: Providers,
    private readonly books: ManualBooks,
    private readonly sales: ManualSales,
    private readonly details: BillingDetailsService,
    private readonly customers: BillingCustomersRepository,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly plans: TenantPlansRepository,
    private readonly memberships: MembershipsService,
    private readonly administration: BillingAdministration,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Whether anything is sold by hand here (`BILLING_PROVIDER=manual`). */
  get isOn(): boolean {
    return this.providers.named('manual') !== null;
  }

  /** The day it is for the seller, ISO 8601. */
  get today(): string {
    return this.books.today;
  }

  /** @throws DomainError `not_found` where nothing is sold by hand */
  prepare(
    me: Principal,
    tenantId: string,
  ): Promise<{ details: SavedBillingDetails; members: number; hasSubscription: boolean }> {
    this.require(me);
    return inOrganisation(tenantId, async () => {
      const [details, { memberCount }, live] = await Promise.all([
        this.details.current(),
        this.memberships.overview(),
        this.subscriptions.live(),
      ]);
      return { details, members: memberCount, hasSubscription: live !== null };
    });
  }

  /**
   * Saves the billing details and sells. The first invoice is issued at once, or on the first day that is paid.
   * @returns whether it was issued at once
   * @throws DomainError `conflict` where there is a live subscription, `invalid`, `not_found` where nothing is
   * sold by hand
   */
  async sell(me: Principal, tenantId: string, sale: StaffSale): Promise<boolean> {
    const provider = this.require(me);
    const paidFrom = this.startOf(sale);
    const seats = await inOrganisation(tenantId, () => this.makeCustomer(provider, tenantId, sale));
    const { price, paymentDays, startsOn } = sale;
    const agreement = { price, seats, paymentDays, trialDays: 0, ...(paidFrom && { paidFrom }) };
    await this.sales.sell(tenantId, agreement, async (id) => {
      const subject = { kind: 'subscription', id, name: price.plan };
      const changes = {
        planKey: { from: null, to: price.plan },
        billingInterval: { from: null, to: price.interval },
        seats: { from: null, to: seats },
        startsOn: { from: null, to: startsOn ?? this.today },
      };
      await this.audit.record({ action: 'subscription.sold', subject, changes });
    });
    // Told to the ledger as well: what fails here is made up for by its job.
    await this.administration.sync(me, {
      id: tenantId,
      provider: provider.name,
      tenant_id: tenantId,
    });
    return paidFrom === null || paidFrom <= this.books.now();
  }

  /**
   * Checks what is sold and saves the details, then makes the customer known to the provider.
   * @returns the number of seats
   */
  private async makeCustomer(
    provider: PaymentProvider,
    tenantId: string,
    { price, seats: asked, details: given, version, locale }: StaffSale,
  ): Promise<number> {
    const { details, seats } = await this.unitOfWork.run(async () => {
      await this.plans.lock();
      if (await this.subscriptions.live()) {
        throw new DomainError('conflict', 'billing.invoices.errors.has_one');
      }
      const { memberCount: members } = await this.memberships.overview();
      return {
        seats: seatsFor(price, asked, members),
        details: await this.details.store(given, version, locale),
      };
    });
    const externalId = await fromProvider(
      provider.ensureCustomer(customerDetailsOf(tenantId, details, locale)),
    );
    const isClaimed = await this.unitOfWork.runAs(billingRole, () =>
      this.customers.claim(provider.name, externalId),
    );
    if (!isClaimed) throw new DomainError('conflict', 'billing.errors.not_possible');
    return seats;
  }

  /** Noon of that day in UTC, which is the same day in the time zones of Europe; null: now. */
  private startOf({ startsOn, price }: StaffSale): Date | null {
    if (startsOn === null || startsOn === this.today) return null;
    const start = new Date(`${startsOn}T12:00:00Z`);
    const isOver = afterInterval(start, price.interval) <= this.books.now();
    if (isOver || startsOn > daysAfter(this.today, LATEST_START)) {
      throw new DomainError('invalid', 'billing.staff.errors.start', { field: 'start' });
    }
    return start;
  }

  private require(me: Principal): PaymentProvider {
    requireSuperuser(me);
    const provider = this.providers.named('manual');
    if (!provider) throw new DomainError('not_found', 'errors.not_found');
    return provider;
  }
}
