import type { AppConfig } from '../../config/config.js';
import type { Principal } from '../../context/principal.js';
import type { OnboardingStepName } from '../../features/names.js';
import { listed, onboardingSteps } from '../../features/registry.js';
import type { TextKey } from '../../i18n/text-keys.js';
import { withNext } from '../security/safe-path.js';

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

/** One of the stages that the progress of onboarding shows. */
export interface OnboardingStage {
  text: TextKey;
  number: number;
  isDone: boolean;
  isCurrent: boolean;
}

/** Where a founder goes from the step or the offer `name`: to the next offer with `next`, else to `next`, perhaps empty. */
export function pathAfter(name: string, next: string): string {
  const offers = listed('onboardingOffers');
  const offer = offers[offers.findIndex((one) => one.name === name) + 1];
  return offer ? withNext(offer.path, next) : next;
}

/** How far a founder is at the step or offer of that name. */
export function progressAt(current: string) {
  const named = [
    ...onboardingSteps().map(([name, { stage }]) => ({ name: String(name), stage })),
    ...listed('onboardingOffers'),
  ];
  const stages = named.flatMap(({ name, stage }) => (stage ? [{ name, text: stage }] : []));
  const at = stages.findIndex(({ name }) => name === current);
  const shown = stages.map(({ text }, index): OnboardingStage => ({
    text,
    number: index + 1,
    isDone: index < at,
    isCurrent: index === at,
  }));
  return { stages: shown, number: at + 1 };
}
