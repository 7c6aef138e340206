import { defineFeature } from '../core/features/feature.js';
import { OnboardingModule } from './onboarding.module.js';

/** The onboarding gate and its API; features declare the steps. */
export const onboarding = defineFeature({
  name: 'onboarding',
  module: OnboardingModule,
});
