import type { AppConfig } from '../../config/config.js';
import type { Principal } from '../../context/principal.js';
import type { OnboardingStepName } from '../../features/names.js';
import { onboardingSteps } from '../../features/registry.js';

/** What the configuration says about onboarding. */
export type OnboardingRules = Pick<AppConfig, 'REQUIRE_VERIFIED_EMAIL'>;

/** One thing somebody has to have done before the product opens. */
export interface OnboardingStep {
  /** Also what the API calls `next_step`. */
  name: OnboardingStepName;
  path: string;
}

/** The first step this person has not done; null when the product is open to them. */
export function nextOnboardingStep(
  principal: Principal,
  rules: OnboardingRules,
): OnboardingStep | null {
  for (const [name, { path, isDone }] of onboardingSteps()) {
    if (!isDone(principal, rules)) return { name, path };
  }
  return null;
}
