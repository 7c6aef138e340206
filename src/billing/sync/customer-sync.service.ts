import { Injectable, Logger } from '@nestjs/common';
import { AuditTrail, differences } from '../../audit/audit-trail.service.js';
import { AppConfig } from '../../core/config/config.js';
import { currentContext, runInContext } from '../../core/context/request-context.js';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { TenantPlan } from '../../core/entitlements/tenant-plan.js';
import { UUID } from '../../core/utils/uuid.js';
import { PlanEntitlements } from '../access/plan-entitlements.js';
import { duplicates, liveSubscription, projectionOf } from '../access/projection.js';
import { isAlarming } from '../access/access-rules.js';
import { TenantPlansRepository } from '../access/tenant-plans.repository.js';
import type { CustomerState } from '../provider/customer-state.js';
import type { PaymentProvider } from '../provider/payment-provider.js';
import { BillingCustomersRepository } from './billing-customers.repository.js';
import { CheckoutsRepository } from './checkouts.repository.js';
import { InvoicesRepository } from './invoices.repository.js';
import { SubscriptionsRepository } from './subscriptions.repository.js';

/** The provider knows a customer that is no organisation's, or does not know one that is. */
export class UnknownCustomer extends Error {}

/**
 * Makes what we know of a customer what the provider knows. The provider is asked anew, outside of any
 * transaction; what it says is written down in one, under the lock of the organisation, together with what
 * follows from it. An answer that is older than the last one changes nothing.
 */
@Injectable()
export class CustomerSync {
  private readonly log = new Logger('Billing');

  constructor(
    private readonly config: AppConfig,
    private readonly customers: BillingCustomersRepository,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly invoices: InvoicesRepository,
    private readonly checkouts: CheckoutsRepository,
    private readonly plans: TenantPlansRepository,
    private readonly entitlements: PlanEntitlements,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * @param alongside committed together with what is written, and as the role billing
   * @returns whether plan or access of the organisation changed
   * @throws UnknownCustomer, ProviderUnavailable
   */
  async sync(
    provider: PaymentProvider,
    customerId: string,
    alongside: () => Promise<void> = () => Promise.resolve(),
  ): Promise<boolean> {
    const state = await this.fetch(provider, customerId);
    const tenantId = await this.tenantOf(provider, state);
    return this.within(tenantId, () => this.store(provider, state, alongside));
  }

  private async fetch(provider: PaymentProvider, customerId: string): Promise<CustomerState> {
    const state = await provider.fetchCustomerState(customerId);
    if (!state) throw new UnknownCustomer(`${provider.name} has no customer ${customerId}`);
    const extra = duplicates(state);
    if (extra.length === 0) return state;
    for (const { id } of extra) {
      this.log.warn(`A second subscription was bought and is given back: ${provider.name} ${id}`);
      await provider.cancelAndRefund(id);
    }
    return (await provider.fetchCustomerState(customerId)) ?? state;
  }

  /** A customer we made and never heard of again is taken for the organisation it was made for. */
  private async tenantOf(provider: PaymentProvider, state: CustomerState): Promise<string> {
    const { customerId, tenantId: madeFor } = state;
    const known = await this.customers.tenantOf(provider.name, customerId);
    if (known) return known;
    if (madeFor && UUID.test(madeFor)) {
      const isClaimed = await this.within(madeFor, () =>
        this.unitOfWork.runAs(billingRole, () => this.customers.claim(provider.name, customerId)),
      ).catch(() => false);
      if (isClaimed) return madeFor;
    }
    throw new UnknownCustomer(
      `The customer ${customerId} of ${provider.name} is no organisation's`,
    );
  }

  private store(
    provider: PaymentProvider,
    state: CustomerState,
    alongside: () => Promise<void>,
  ): Promise<boolean> {
    return this.unitOfWork.run(async () => {
      // One order of locks everywhere: the organisation, then what is below it.
      const before = await this.plans.lockIfThere();
      if (!before) {
        await this.unitOfWork.runAs(billingRole, async () => {
          await alongside();
          await this.settleKept(provider, state);
        });
        return false;
      }
      const isNewer = await this.unitOfWork.runAs(billingRole, async () => {
        await alongside();
        return this.storeRows(provider, state);
      });
      if (!isNewer) return false;
      const after = await this.entitlements.withinLimits(
        projectionOf(state, before, this.config.BILLING_GRACE_DAYS),
      );
      const changes = differences(told(before), told(after));
      if (!changes) return false;
      await this.unitOfWork.runAs(billingRole, () => this.plans.project(after));
      const subject = { kind: 'subscription', id: null, name: after.planKey };
      await this.audit.record({ action: 'subscription.changed', subject, changes });
      return true;
    });
  }

  /** The organisation was erased; its provider may still tell what became of invoices that are kept. */
  private async settleKept({ name }: PaymentProvider, { invoices, fetchedAt }: CustomerState) {
    for (const invoice of invoices) await this.invoices.settleKept(name, invoice, fetchedAt);
  }

  /** False when something newer was stored in the meantime. */
  private async storeRows(provider: PaymentProvider, state: CustomerState): Promise<boolean> {
    const { name } = provider;
    const customer = await this.customers.lockOwn(name);
    if (!customer || customer.externalId !== state.customerId) {
      throw new UnknownCustomer(`The customer ${state.customerId} of ${name} is another's`);
    }
    if (customer.fetchedAt && customer.fetchedAt > state.fetchedAt) return false;
    const live = state.isDeleted ? null : liveSubscription(state);
    if (live && isAlarming(live.status)) {
      this.log.error(
        `${name} says "${live.rawStatus}" of the subscription ${live.id}: nobody knows it`,
      );
    }
    const { subscriptions, fetchedAt } = state;
    await this.subscriptions.replace(name, customer.id, subscriptions, live?.id ?? null, fetchedAt);
    for (const invoice of state.invoices) {
      await this.invoices.upsert(name, customer.id, invoice, fetchedAt);
    }
    const bought = subscriptions.filter(({ status }) => status !== 'incomplete');
    await this.checkouts.completed(bought.flatMap(({ checkoutId }) => checkoutId ?? []));
    await this.customers.synced(customer.id, state.paymentMethod, fetchedAt);
    return true;
  }

  private within<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
    const { requestId, job, traceId, locale } = currentContext();
    return runInContext({ requestId, job, traceId, locale, tenantId }, work);
  }
}

/** What the audit trail tells of it. */
function told({ accessState, accessUntil, planKey, planVersion, seats }: TenantPlan) {
  return {
    accessState,
    accessUntil: accessUntil?.toISOString() ?? null,
    planKey,
    planVersion,
    seats,
  };
}
