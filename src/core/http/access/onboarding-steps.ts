import type { AppConfig } from '../../config/config.js';
import type { Principal } from '../../context/principal.js';

/** What the configuration says about onboarding. */
export type OnboardingRules = Pick<AppConfig, 'REQUIRE_VERIFIED_EMAIL'>;

/** One thing somebody has to have done before the product opens. */
export interface OnboardingStep {
  /** Also what the API calls `next_step`. */
  name: 'profile' | 'email' | 'tenant' | 'revoked';
  path: string;
  isDone(principal: Principal, rules: OnboardingRules): boolean;
}

/** In this order. A new step is a new entry here and a page at its path. */
export const ONBOARDING_STEPS: readonly OnboardingStep[] = [
  {
    name: 'profile',
    path: '/profile/complete/',
    isDone: ({ profileCompletedAt, flags }) =>
      profileCompletedAt !== null || flags.skip_profile_gate === true,
  },
  {
    name: 'email',
    path: '/email/verify/',
    isDone: ({ emailVerified }, { REQUIRE_VERIFIED_EMAIL }) =>
      emailVerified || !REQUIRE_VERIFIED_EMAIL,
  },
  {
    name: 'tenant',
    path: '/onboarding/create-tenant/',
    isDone: ({ tenantId }) => tenantId !== null,
  },
  {
    name: 'revoked',
    path: '/account/revoked/',
    isDone: ({ profileActive }) => profileActive,
  },
];

/** The first step this person has not done; null when the product is open to them. */
export function nextOnboardingStep(
  principal: Principal,
  rules: OnboardingRules,
): OnboardingStep | null {
  return ONBOARDING_STEPS.find((step) => !step.isDone(principal, rules)) ?? null;
}
