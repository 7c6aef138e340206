import type { EntitlementName, LimitName } from '../features/names.js';
import type { TextKey } from '../i18n/text-keys.js';
import type { AddedCost } from './added-cost.js';
import type { TenantPlan } from './tenant-plan.js';

/** What may be done: everything, only what cleans up, or only what always works. */
export type AccessMode = 'full' | 'over_limit' | 'read_only';

/** What admins are told on every page while something about the subscription needs them. */
export interface PlanNotice {
  kind: 'warning' | 'error';
  text: TextKey;
  /** Of the text `{plan}`, as a key; null where it names none. */
  planText: TextKey | null;
  /** Of the text `{date}`. */
  date: Date | null;
  /** Where it is dealt with. */
  href: string;
}

/**
 * What an organisation has bought: the one call for guards, services, templates and the API. `has`, `limit`,
 * `all` and `mode` cost no statement. Implemented where plans are sold; core only needs the answer. Where
 * nothing is sold everything is allowed.
 */
export abstract class Entitlements {
  /** Whether anything is sold here. */
  abstract readonly isOn: boolean;

  /** @param plan of whoever is asking, unless said */
  abstract has(entitlement: EntitlementName, plan?: TenantPlan | null): boolean;

  /** How many there may be; null: without end. */
  abstract limit(limit: LimitName, plan?: TenantPlan | null): number | null;

  abstract all(plan?: TenantPlan | null): {
    entitlements: Record<EntitlementName, boolean>;
    limits: Record<LimitName, number | null>;
  };

  abstract mode(plan?: TenantPlan | null): AccessMode;

  /** For admins; null while nothing needs them. Costs no statement. */
  abstract notice(plan: TenantPlan | null): PlanNotice | null;

  /**
   * Whether the organisation still has more than its plan allows. Where it has not, it is told so, and
   * everybody of it may go on.
   */
  abstract isStillOverLimit(): Promise<boolean>;

  /**
   * In the unit of work of the write, before it: takes the lock of the organisation, so that two at once never
   * exceed a limit together, and counts. `promised`: how many more there will be besides those that count.
   * @throws DomainError `limit_reached`
   */
  abstract requireRoom(limit: LimitName, promised?: () => Promise<number>): Promise<void>;

  /** Declares how a limit is counted in the open unit of work; called while modules start. */
  abstract countedBy(limit: LimitName, count: () => Promise<number>): void;

  /**
   * Says, in the unit of work that changes it, that another number of these counts from now on: what is paid by
   * the number follows.
   */
  abstract changed(limit: LimitName): Promise<void>;

  /**
   * What follows once `more` of these count besides those that do or were promised to; null where that costs
   * nothing. Asks the payment provider: outside of any unit of work.
   */
  abstract costOfMore(limit: LimitName, more: number): Promise<AddedCost | null>;
}
