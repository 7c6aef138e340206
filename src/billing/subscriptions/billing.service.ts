import { Injectable } from '@nestjs/common';
import type { Actor, Principal } from '../../core/context/principal.js';
import { requirePermission } from '../../core/http/access/require-permission.js';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { MembershipsService } from '../../members/memberships.service.js';
import { priceForSale, priceOf } from '../catalogue/catalogue.js';
import type { BillingInterval, PlanKey, Price } from '../catalogue/plan.js';
import type { ChangePreview, SubscriptionChange } from '../provider/payment-provider.js';
import { Providers } from '../provider/providers.js';
import {
  BillingCustomersRepository,
  type BillingCustomer,
} from '../sync/billing-customers.repository.js';
import { CustomerSync } from '../sync/customer-sync.service.js';
import {
  InvoicesRepository,
  type InvoiceLineRow,
  type InvoiceRow,
} from '../sync/invoices.repository.js';
import {
  SubscriptionsRepository,
  type LiveSubscription,
} from '../sync/subscriptions.repository.js';
import { fromProvider } from './from-provider.js';

/** What a page about billing shows. */
export interface BillingOverview {
  /** Null: the plan Free. One that waits for its first payment has `status` `incomplete`. */
  subscription: LiveSubscription | null;
  customer: BillingCustomer | null;
  /** People who can act, and those who are invited. */
  members: number;
  invitations: number;
}

/** Which plan, how often it is paid. */
export interface PlanChoice {
  plan: PlanKey;
  interval: BillingInterval;
}

/**
 * What admins do with the subscription of their organisation. The provider is asked first and outside of any
 * transaction; what came of it is then fetched anew, as after a notification.
 */
@Injectable()
export class BillingService {
  constructor(
    private readonly providers: Providers,
    private readonly customers: BillingCustomersRepository,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly billedInvoices: InvoicesRepository,
    private readonly memberships: MembershipsService,
    private readonly customerSync: CustomerSync,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async overview(me: Actor): Promise<BillingOverview> {
    requirePermission(me, 'billing:read');
    const [subscription, customer, people] = await Promise.all([
      this.subscriptions.live(),
      this.customers.own(this.providers.current.name),
      this.memberships.overview(),
    ]);
    const { memberCount: members, invitationCount: invitations } = people;
    return { subscription, customer, members, invitations };
  }

  invoices(me: Actor): Promise<InvoiceRow[]> {
    requirePermission(me, 'billing:read');
    return this.billedInvoices.listed();
  }

  /** @throws DomainError `not_found` */
  async invoice(me: Actor, id: string): Promise<InvoiceRow & { lines: InvoiceLineRow[] }> {
    requirePermission(me, 'billing:read');
    const invoice = await this.billedInvoices.find(id);
    if (!invoice) throw new DomainError('not_found', 'errors.not_found');
    return { ...invoice, lines: await this.billedInvoices.lines(id) };
  }

  /** Fetches anew what the provider knows, where there is a customer. Grants nothing by itself. */
  async refresh(me: Actor): Promise<void> {
    requirePermission(me, 'billing:read');
    const provider = this.providers.current;
    const customer = await this.customers.own(provider.name);
    if (!customer?.externalId) return;
    await fromProvider(this.customerSync.sync(provider, customer.externalId));
  }

  /** What another plan would cost now, before anything is changed. @throws DomainError `conflict` */
  async preview(me: Principal, choice: PlanChoice): Promise<ChangePreview> {
    requirePermission(me, 'billing:read');
    const live = await this.requireLive();
    const change = await this.changeOf(live, priceFor(choice), live.revision);
    return fromProvider(this.providers.current.previewChange(change));
  }

  /** What so many seats would cost now. @throws DomainError `conflict` */
  async previewSeats(me: Principal, seats: number): Promise<ChangePreview> {
    requirePermission(me, 'billing:read');
    const live = await this.requireLive();
    const price = live.priceKey ? priceOf(live.priceKey) : null;
    if (!price) throw new DomainError('conflict', 'billing.errors.no_subscription');
    const change = { subscriptionId: live.externalId, price, seats, revision: live.revision };
    return fromProvider(this.providers.current.previewChange(change));
  }

  /** @throws DomainError `conflict` where there is no subscription, or the provider cannot do it now */
  async changePlan(me: Principal, choice: PlanChoice): Promise<void> {
    requirePermission(me, 'billing:write');
    const live = await this.requireLive();
    const price = priceFor(choice);
    if (price.key === live.priceKey) return;
    const change = await this.changeOf(live, price, await this.nextRevision(live));
    await fromProvider(this.providers.current.changePlan(change));
    await this.refresh(me);
  }

  /** Pays for so many seats; never for fewer than there are members. @throws DomainError `invalid`, `conflict` */
  async setSeats(me: Principal, seats: number): Promise<void> {
    requirePermission(me, 'billing:write');
    const live = await this.requireLive();
    const { memberCount } = await this.memberships.overview();
    if (seats < memberCount) {
      const args = { members: memberCount };
      throw new DomainError('invalid', 'billing.errors.too_few_seats', { field: 'seats', args });
    }
    if (seats === live.quantity) return;
    const revision = await this.nextRevision(live);
    const change = { subscriptionId: live.externalId, seats, revision };
    await fromProvider(this.providers.current.setSeats(change));
    await this.refresh(me);
  }

  /** At the end of the period; may be repeated. */
  async cancel(me: Principal): Promise<void> {
    requirePermission(me, 'billing:write');
    const { externalId, cancelAt } = await this.requireLive();
    if (cancelAt) return;
    await fromProvider(this.providers.current.cancel(externalId));
    await this.refresh(me);
  }

  /** Takes `cancel` back; may be repeated. */
  async resume(me: Principal): Promise<void> {
    requirePermission(me, 'billing:write');
    const { externalId, cancelAt } = await this.requireLive();
    if (!cancelAt) return;
    await fromProvider(this.providers.current.resume(externalId));
    await this.refresh(me);
  }

  /** A page of the provider. @throws DomainError `conflict` where there is no customer yet */
  async portalUrl(me: Principal, returnUrl: string): Promise<string> {
    requirePermission(me, 'billing:write');
    const provider = this.providers.current;
    const customer = await this.customers.own(provider.name);
    if (!customer?.externalId) throw new DomainError('conflict', 'billing.errors.no_subscription');
    const options = { returnUrl, locale: me.locale ?? 'en' };
    return fromProvider(provider.portalUrl(customer.externalId, options));
  }

  private async requireLive(): Promise<LiveSubscription> {
    const live = await this.subscriptions.live();
    if (live && live.status !== 'incomplete') return live;
    throw new DomainError('conflict', 'billing.errors.no_subscription');
  }

  /** A plan by the seat is paid for as many people as there are. */
  private async changeOf(
    { externalId, quantity }: LiveSubscription,
    price: Price,
    revision: number,
  ): Promise<SubscriptionChange> {
    const { memberCount } = await this.memberships.overview();
    const seats = price.per === 'seat' ? Math.max(quantity, memberCount, 1) : 1;
    return { subscriptionId: externalId, price, seats, revision };
  }

  private nextRevision({ id }: LiveSubscription): Promise<number> {
    return this.unitOfWork.runAs(billingRole, () => this.subscriptions.nextRevision(id));
  }
}

/** @throws DomainError `invalid` for a plan that is not sold like that */
export function priceFor({ plan, interval }: PlanChoice): Price {
  const price = priceForSale(plan, interval);
  if (!price) throw new DomainError('invalid', 'billing.errors.not_for_sale', { field: 'plan' });
  return price;
}
