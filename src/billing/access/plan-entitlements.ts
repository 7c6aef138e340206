import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../core/config/config.js';
import { currentActor } from '../../core/context/request-context.js';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { AddedCost } from '../../core/entitlements/added-cost.js';
import {
  Entitlements,
  type AccessMode,
  type PlanNotice,
} from '../../core/entitlements/entitlements.js';
import type { TenantPlan } from '../../core/entitlements/tenant-plan.js';
import { DomainError } from '../../core/errors/domain-error.js';
import type { EntitlementName, LimitName } from '../../core/features/names.js';
import { merged } from '../../core/features/registry.js';
import { JobQueue } from '../../core/jobs/job-queue.js';
import { FREE, planOf } from '../catalogue/catalogue.js';
import type { Plan } from '../catalogue/plan.js';
import { planNotice } from './plan-notice.js';
import { TenantPlansRepository } from './tenant-plans.repository.js';

type Count = () => Promise<number>;
type Cost = (more: number) => Promise<AddedCost | null>;

/** What plans by the seat are paid by. */
const PAID_BY = 'members' satisfies LimitName;
/** Those who join or leave within so many milliseconds are one change. */
const SETTLE_MS = 5_000;

/** What the plan of the organisation, and what staff decided beside it, allow. */
@Injectable()
export class PlanEntitlements extends Entitlements {
  readonly isOn: boolean;
  private readonly counts = new Map<LimitName, Count>();
  private readonly costs = new Map<LimitName, Cost>();

  constructor(
    config: AppConfig,
    private readonly plans: TenantPlansRepository,
    private readonly jobs: JobQueue,
    private readonly unitOfWork: UnitOfWork,
  ) {
    super();
    this.isOn = config.BILLING_PROVIDER !== 'off';
  }

  has(entitlement: EntitlementName, plan = currentActor()?.plan ?? null): boolean {
    if (!this.isOn) return true;
    const decided = overrideOf(entitlement, plan);
    if (decided) return decided.amount !== 0;
    return effectivePlan(plan).entitlements.includes(entitlement);
  }

  limit(limit: LimitName, plan = currentActor()?.plan ?? null): number | null {
    if (!this.isOn) return null;
    const decided = overrideOf(limit, plan);
    if (decided) return decided.amount;
    return effectivePlan(plan).limits[limit] ?? null;
  }

  all(plan = currentActor()?.plan ?? null) {
    const entitlements = names<EntitlementName>('entitlements');
    const limits = names<LimitName>('limits');
    return {
      entitlements: record(entitlements, (name) => this.has(name, plan)),
      limits: record(limits, (name) => this.limit(name, plan)),
    };
  }

  mode(plan = currentActor()?.plan ?? null): AccessMode {
    if (!this.isOn || !plan) return 'full';
    switch (plan.accessState) {
      case 'free':
      case 'trial':
      case 'full':
        return 'full';
      case 'grace':
        return plan.accessUntil && plan.accessUntil <= new Date() ? 'read_only' : 'full';
      case 'read_only':
      case 'over_limit':
        return plan.accessState;
    }
  }

  notice(plan: TenantPlan | null): PlanNotice | null {
    return this.isOn && plan ? planNotice(plan, this.mode(plan), new Date()) : null;
  }

  isStillOverLimit(): Promise<boolean> {
    return this.unitOfWork.run(async () => {
      const plan = await this.plans.lock();
      if (plan.accessState !== 'over_limit') return this.mode(plan) !== 'full';
      if (await this.exceeds(plan)) return true;
      await this.unitOfWork.runAs(billingRole, () =>
        this.plans.project({ ...plan, accessState: 'free' }),
      );
      return false;
    });
  }

  async requireRoom(limit: LimitName, promised?: Count): Promise<void> {
    if (!this.isOn) return;
    const plan = await this.plans.lock();
    const max = this.limit(limit, plan);
    if (max === null) return;
    const count = (await this.count(limit)) + ((await promised?.()) ?? 0);
    if (count < max) return;
    throw new DomainError('limit_reached', limitText(limit), { args: { max } });
  }

  countedBy(limit: LimitName, count: Count): void {
    this.counts.set(limit, count);
  }

  async changed(limit: LimitName): Promise<void> {
    const { tenantId } = this.unitOfWork;
    if (!this.isOn || limit !== PAID_BY || !tenantId) return;
    const startAfter = new Date(Date.now() + SETTLE_MS);
    await this.jobs.enqueue('billing_seats', { tenantId }, { key: tenantId, startAfter });
  }

  async costOfMore(limit: LimitName, more: number): Promise<AddedCost | null> {
    const cost = this.isOn && more > 0 ? this.costs.get(limit) : undefined;
    return (await cost?.(more)) ?? null;
  }

  /** Declares what more of these cost; called while modules start. */
  pricedBy(limit: LimitName, cost: Cost): void {
    this.costs.set(limit, cost);
  }

  /** In a unit of work: whoever pays nothing, and has more than is allowed, cleans up before they go on; and the reverse. */
  async withinLimits(plan: TenantPlan): Promise<TenantPlan> {
    if (plan.accessState !== 'free' && plan.accessState !== 'over_limit') return plan;
    return { ...plan, accessState: (await this.exceeds(plan)) ? 'over_limit' : 'free' };
  }

  /** In a unit of work: whether the organisation has more of anything than the plan allows. */
  async exceeds(plan: TenantPlan): Promise<boolean> {
    for (const name of names<LimitName>('limits')) {
      const max = this.limit(name, plan);
      if (max !== null && (await this.count(name)) > max) return true;
    }
    return false;
  }

  private count(limit: LimitName): Promise<number> {
    const count = this.counts.get(limit);
    if (!count) throw new Error(`Nobody counts the limit "${limit}": call Entitlements.countedBy`);
    return count();
  }
}

/** A version the catalogue does not have (any more) allows what Free does: never more than was sold. */
function effectivePlan(plan: TenantPlan | null): Plan {
  if (!plan?.planKey || plan.planVersion === null) return FREE;
  return planOf(plan.planKey, plan.planVersion) ?? FREE;
}

function overrideOf(name: string, plan: TenantPlan | null) {
  const decided = plan?.overrides[name];
  if (!decided) return null;
  return decided.until === null || Date.parse(decided.until) > Date.now() ? decided : null;
}

function limitText(limit: LimitName) {
  const declared = merged('limits').get(limit);
  if (!declared) throw new Error(`No feature declares the limit "${limit}"`);
  return declared.reached;
}

function names<Name extends string>(part: 'entitlements' | 'limits'): Name[] {
  return [...merged(part).keys()] as Name[];
}

function record<Name extends string, Value>(all: Name[], valueOf: (name: Name) => Value) {
  return Object.fromEntries(all.map((name) => [name, valueOf(name)])) as Record<Name, Value>;
}
