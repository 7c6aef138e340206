import type { AppConfig } from '../../config/config.js';
import type { Principal } from '../../context/principal.js';
import type { OnboardingStepName } from '../../features/names.js';
import { merged } from '../../features/registry.js';

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
  const steps = [...merged('onboardingSteps')].sort(([, a], [, b]) => a.position - b.position);
  const open = steps.find(([, step]) => !step.isDone(principal, rules));
  return open ? { name: open[0] as OnboardingStepName, path: open[1].path } : null;
}
