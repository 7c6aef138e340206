import type { AccessMode, PlanNotice } from '../../core/entitlements/entitlements.js';
import type { TenantPlan } from '../../core/entitlements/tenant-plan.js';
import { PLAN_KEYS } from '../catalogue/plan.js';

/** Admins are told of the end of a trial so long before it. */
export const TRIAL_NOTICE_MS = 3 * 24 * 3600 * 1000;

/**
 * What admins are told on every page: a trial that ends soon and has no card (where there is one `accessUntil`
 * is null), a payment that failed, and what is held back. i18n-uses: billing.notices.*
 */
export function planNotice(plan: TenantPlan, mode: AccessMode, now: Date): PlanNotice | null {
  const { accessState, accessUntil } = plan;
  const href = '/settings/billing/';
  if (mode !== 'full') {
    return { kind: 'error', text: `billing.notices.${mode}`, planText: null, date: null, href };
  }
  if (accessState === 'grace') {
    const text = 'billing.notices.grace';
    return { kind: 'error', text, planText: null, date: accessUntil, href };
  }
  if (accessState !== 'trial' || !accessUntil || +accessUntil - +now > TRIAL_NOTICE_MS) return null;
  const planText = `billing.plans.${planKeyOf(plan)}` as const;
  return { kind: 'warning', text: 'billing.notices.trial', planText, date: accessUntil, href };
}

/** The catalogue's key; a plan it no longer has is told as Free. */
function planKeyOf({ planKey }: TenantPlan) {
  return PLAN_KEYS.find((key) => key === planKey) ?? 'free';
}
