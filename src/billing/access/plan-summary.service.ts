import { Injectable } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import type { AccessMode } from '../../core/entitlements/entitlements.js';
import type { TenantPlan } from '../../core/entitlements/tenant-plan.js';
import { FREE } from '../catalogue/catalogue.js';
import { PLAN_KEYS, type PlanKey } from '../catalogue/plan.js';
import { SubscriptionsRepository } from '../sync/subscriptions.repository.js';
import { PlanEntitlements } from './plan-entitlements.js';

const DAY = 24 * 3600 * 1000;

/** The plan of an organisation in a few words, without any price. Texts of the state: `billing.states.<state>`. */
export interface PlanSummary {
  plan: PlanKey;
  state: 'free' | 'over_limit' | 'trial' | 'active' | 'past_due' | 'read_only';
  /** Seats that are paid for; null in a plan that is not paid by the seat. */
  seats: number | null;
  /** Members there may be; null: without end. */
  maxMembers: number | null;
  /** Whole days, begun ones included; null outside of a trial. */
  trialDaysLeft: number | null;
  /** When a payment that is due makes it read-only; null otherwise. */
  readOnlyFrom: Date | null;
}

/** What everybody of an organisation may know about its plan. */
@Injectable()
export class PlanSummaries {
  constructor(
    private readonly entitlements: PlanEntitlements,
    private readonly subscriptions: SubscriptionsRepository,
  ) {}

  /** Null where nothing is sold. Costs a statement in a trial only. */
  async of({ plan }: Principal, now = new Date()): Promise<PlanSummary | null> {
    if (!this.entitlements.isOn || !plan) return null;
    const state = stateOf(plan, this.entitlements.mode(plan));
    return {
      plan: PLAN_KEYS.find((key) => key === plan.planKey) ?? FREE.key,
      state,
      seats: plan.seats,
      maxMembers: this.entitlements.limit('members', plan),
      trialDaysLeft: state === 'trial' ? await this.daysLeft(plan, now) : null,
      readOnlyFrom: state === 'past_due' ? plan.accessUntil : null,
    };
  }

  /** Where a card is known the projection holds no end: nothing ends then. */
  private async daysLeft({ accessUntil }: TenantPlan, now: Date): Promise<number | null> {
    const ends = accessUntil ?? (await this.subscriptions.live())?.trialEndsAt ?? null;
    return ends && Math.max(0, Math.ceil((+ends - +now) / DAY));
  }
}

function stateOf({ accessState }: TenantPlan, mode: AccessMode): PlanSummary['state'] {
  if (mode !== 'full') return mode;
  switch (accessState) {
    case 'trial':
      return 'trial';
    case 'full':
      return 'active';
    case 'grace':
      return 'past_due';
    default:
      return 'free';
  }
}
