/**
 * What holds for an organisation, as billing last learned it:
 * - `free`: it bought nothing · `trial` · `full`: it has what it bought
 * - `grace`: a payment is due; what it bought holds until `accessUntil`, then it is read-only
 * - `read_only`: a payment is due for too long
 * - `over_limit`: it has more than the plan it fell back to allows: it removes something, or subscribes
 */
export const ACCESS_STATES = ['free', 'trial', 'full', 'grace', 'read_only', 'over_limit'] as const;
export type AccessState = (typeof ACCESS_STATES)[number];

/** What staff decided for one organisation beside its plan. */
export interface EntitlementOverride {
  /** A feature: 0 is off, 1 is on. A limit: how many; null: without end. */
  amount: number | null;
  /** ISO 8601; null: for good. */
  until: string | null;
}

/** Columns of the organisation, read in the statement that tells who is asking. */
export interface TenantPlan {
  accessState: AccessState;
  accessUntil: Date | null;
  /** Null: never bought any. */
  planKey: string | null;
  planVersion: number | null;
  /** Paid for. */
  seats: number | null;
  /** By name of the entitlement or limit. */
  overrides: Readonly<Record<string, EntitlementOverride>>;
}

/** For the statement that reads them, `t` being the organisation. */
export const TENANT_PLAN_COLUMNS = `t.access_state AS "accessState", t.access_until AS "accessUntil",
    t.plan_key AS "planKey", t.plan_version AS "planVersion", t.seats, t.entitlement_overrides AS overrides`;
