import type { AppConfig } from '../../config/config.js';
import type { Principal } from '../../context/principal.js';
import type { OnboardingStepName } from '../../features/names.js';
import { onboardingSteps } from '../../features/registry.js';

/** What the configuration says about onboarding. */
export type OnboardingRules = Pick<
  AppConfig,
  'REQUIRE_VERIFIED_EMAIL' | 'REQUIRE_STAFF_SECOND_FACTOR'
>;

/** A step that must be completed before the product can be used. */
export interface OnboardingStep {
  /** Also the value of `next_step` in the API. */
  name: OnboardingStepName;
  path: string;
}

/**
 * The first uncompleted step of this person; null when onboarding is complete. `isBackOffice`: only of the
 * steps that staff take before the back office.
 */
export function nextOnboardingStep(
  principal: Principal,
  rules: OnboardingRules,
  isBackOffice = false,
): OnboardingStep | null {
  for (const [name, { path, isDone, isForBackOffice }] of onboardingSteps()) {
    if (isBackOffice && !isForBackOffice) continue;
    if (!isDone(principal, rules)) return { name, path };
  }
  return null;
}
