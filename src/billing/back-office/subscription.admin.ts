import { Injectable } from '@nestjs/common';
import { AdminEntity } from '../../core/back-office/admin-entity.js';
import type { Row } from '../../core/back-office/row.js';
import type { Principal } from '../../core/context/principal.js';
import { PLAN_KEYS } from '../catalogue/plan.js';
import { PROVIDER_NAMES } from '../provider/payment-provider.js';
import { SUBSCRIPTION_STATUSES } from '../provider/subscription-status.js';
import { BillingAdministration } from './billing-administration.service.js';
import { StaffSales } from '../sales/staff-sales.service.js';
import { StaffSubscriptions } from '../sales/staff-subscriptions.service.js';
import { amountText } from './amount-text.js';
import { Subscription } from './subscription.entity.js';

@Injectable()
export class SubscriptionAdmin extends AdminEntity<Subscription> {
  readonly entity = Subscription;
  readonly path = 'subscriptions';
  readonly group = 'customers';
  readonly icon = 'card';
  override readonly position = 7;
  readonly title = 'externalId';
  readonly list = [
    'tenantId',
    'planKey',
    'status',
    'quantity',
    'currentPeriodEnd',
    'startedAt',
  ] as const;
  override readonly search = 'externalId';
  override readonly listedUnder = ['tenant'];
  readonly orders = {
    startedAt: { type: 'time', descending: true },
    externalId: { type: 'text', fold: 'lower' },
  } as const;
  override readonly filters = {
    status: oneOf('status', SUBSCRIPTION_STATUSES),
    plan_key: oneOf(
      'plan_key',
      PLAN_KEYS.filter((key) => key !== 'free'),
    ),
    provider: oneOf('provider', PROVIDER_NAMES),
  };
  override readonly inWords = { unitAmount: amountText };
  override readonly words = {
    status: SUBSCRIPTION_STATUSES,
    planKey: PLAN_KEYS,
    provider: PROVIDER_NAMES,
    billingInterval: ['month', 'year'],
  };

  override readonly actions = {
    sync: {
      icon: 'refresh',
      isBulk: true,
      isOffered: () => true,
      run: (me: Principal, row: Row) => this.billing.sync(me, row),
    },
    cancel: {
      icon: 'x',
      isDangerous: true,
      isOffered: (row: Row) => isRunning(row) && row.cancel_at === null,
      run: (me: Principal, row: Row) => this.subscriptions.cancel(me, row),
    },
    resume: {
      icon: 'check',
      isOffered: (row: Row) => isRunning(row) && row.cancel_at !== null,
      run: (me: Principal, row: Row) => this.subscriptions.resume(me, row),
    },
  };

  override readonly pages = {
    change: { icon: 'pencil', isOffered: isRunning },
    extend_trial: { icon: 'clock', isOffered: (row: Row) => row.status === 'trialing' },
  };
  override readonly pagesOf = {
    tenants: { sell: { icon: 'card', isOffered: () => this.sales.isOn } },
  };
  override readonly listPages = { sell: { icon: 'plus', isOffered: () => this.sales.isOn } };

  constructor(
    private readonly billing: BillingAdministration,
    private readonly subscriptions: StaffSubscriptions,
    private readonly sales: StaffSales,
  ) {
    super();
  }
}

function isRunning({ is_live: isLive, status }: Row): boolean {
  return isLive === true && status !== 'incomplete';
}

/** A filter by the values of a column. */
export function oneOf(column: string, words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => [word, `r.${column} = '${word}'`]));
}
