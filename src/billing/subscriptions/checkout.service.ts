import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../core/config/config.js';
import type { Principal } from '../../core/context/principal.js';
import { isDuplicate } from '../../core/database/database-errors.js';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { requirePermission } from '../../core/http/access/require-permission.js';
import { MembershipsService } from '../../members/memberships.service.js';
import { TenantPlansRepository } from '../access/tenant-plans.repository.js';
import { planForSale } from '../catalogue/catalogue.js';
import type { Price } from '../catalogue/plan.js';
import type { PaymentProvider } from '../provider/payment-provider.js';
import { Providers } from '../provider/providers.js';
import { BillingCustomersRepository } from '../sync/billing-customers.repository.js';
import { CheckoutsRepository, type OpenCheckout } from '../sync/checkouts.repository.js';
import { SubscriptionsRepository } from '../sync/subscriptions.repository.js';
import { priceFor, type PlanChoice } from './billing.service.js';
import { fromProvider } from './from-provider.js';

interface Begun {
  id: string;
  seats: number;
  trialDays: number;
  /** The one before, which can no longer be paid. */
  abandoned: OpenCheckout | null;
}

/**
 * The way to the page of the provider where a plan is paid. An organisation has one open checkout: another
 * one abandons it. What was paid is learned from the provider, never from the way back.
 */
@Injectable()
export class CheckoutService {
  constructor(
    private readonly config: AppConfig,
    private readonly providers: Providers,
    private readonly customers: BillingCustomersRepository,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly checkouts: CheckoutsRepository,
    private readonly plans: TenantPlansRepository,
    private readonly memberships: MembershipsService,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * @returns the address of the provider's page
   * @throws DomainError `conflict` where there is a subscription, or the provider cannot do it now
   */
  async start(me: Principal, choice: PlanChoice): Promise<string> {
    requirePermission(me, 'billing:write');
    const provider = this.providers.current;
    const price = priceFor(choice);
    const customerId = await this.customerOf(me, provider);
    const begun = await this.begin(provider, price);
    try {
      if (begun.abandoned?.externalId) {
        await fromProvider(provider.abandonCheckout(begun.abandoned.externalId));
      }
      return await this.send(me, provider, price, customerId, begun);
    } catch (error) {
      await this.unitOfWork.run(() => this.checkouts.abandon(begun.id));
      throw error;
    }
  }

  /** Whether a trial is offered: to organisations that never subscribed. */
  async hasTrial(): Promise<boolean> {
    return !(await this.subscriptions.hadAny());
  }

  /**
   * What became of a checkout of the organisation: `open`, `completed` or `abandoned`.
   * @throws DomainError `not_found`
   */
  async requireOwn(id: string): Promise<string> {
    const state = await this.checkouts.stateOf(id);
    if (!state) throw new DomainError('not_found', 'errors.not_found');
    return state;
  }

  private async customerOf(me: Principal, provider: PaymentProvider): Promise<string> {
    const known = await this.customers.own(provider.name);
    if (known?.externalId) return known.externalId;
    const externalId = await fromProvider(
      provider.ensureCustomer({
        tenantId: me.tenantId!,
        name: known?.legalName ?? me.organization ?? me.email,
        email: known?.email ?? me.email,
        locale: me.locale ?? 'en',
        country: known?.country ?? me.country,
        vatNumber: known?.vatNumber ?? null,
      }),
    );
    const isClaimed = await this.unitOfWork.runAs(billingRole, () =>
      this.customers.claim(provider.name, externalId),
    );
    if (!isClaimed) throw new DomainError('conflict', 'billing.errors.not_possible');
    return externalId;
  }

  private begin(provider: PaymentProvider, price: Price): Promise<Begun> {
    return this.unitOfWork.run(async () => {
      await this.plans.lock();
      const live = await this.subscriptions.live();
      if (live && live.status !== 'incomplete') {
        throw new DomainError('conflict', 'billing.errors.subscribed');
      }
      const abandoned = await this.checkouts.open();
      if (abandoned) await this.checkouts.abandon(abandoned.id);
      const { memberCount } = await this.memberships.overview();
      const seats = price.per === 'seat' ? Math.max(1, memberCount) : 1;
      const trialDays = await this.trialDays(provider, price);
      const id = randomUUID();
      const { name } = provider;
      await this.checkouts.add({ id, provider: name, priceKey: price.key, seats, trialDays });
      return { id, seats, trialDays, abandoned };
    });
  }

  /** One trial for each organisation, and for each VAT number: the database decides, also at once. */
  private async trialDays(provider: PaymentProvider, { plan }: Price): Promise<number> {
    const { trialDays } = planForSale(plan);
    if (trialDays === 0 || (await this.subscriptions.hadAny())) return 0;
    try {
      await this.unitOfWork.attempt(() => this.customers.reserveTrial(provider.name));
      return trialDays;
    } catch (error) {
      if (isDuplicate(error, 'uq_billing_customer_trial_vat_number')) return 0;
      throw error;
    }
  }

  private async send(
    me: Principal,
    provider: PaymentProvider,
    price: Price,
    customerId: string,
    { id, seats, trialDays }: Begun,
  ): Promise<string> {
    const order = { checkoutId: id, tenantId: me.tenantId!, customerId, price, seats, trialDays };
    const { appUrl } = this.config;
    const hosted = await fromProvider(
      provider.startCheckout({
        ...order,
        locale: me.locale ?? 'en',
        successUrl: `${appUrl}/settings/billing/return/${id}/`,
        cancelUrl: `${appUrl}/settings/billing/`,
      }),
    );
    await this.unitOfWork.run(() =>
      this.checkouts.started(id, hosted.id, hosted.url, hosted.expiresAt),
    );
    return hosted.url;
  }
}
