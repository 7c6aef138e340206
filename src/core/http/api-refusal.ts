import { DomainError, type Refusal } from '../errors/domain-error.js';
import type { TextKey } from '../i18n/text-keys.js';
import type { OnboardingStep } from './onboarding-steps.js';
import type { Problem } from './problem.js';

/** A refusal of which clients of the API learn more than a status: what they can do about it. */
export class ApiRefusal extends DomainError {
  private constructor(
    kind: Refusal,
    key: TextKey,
    readonly problem: Partial<Problem> = {},
    /** A token was shown and does not count. */
    readonly isTokenRefused = false,
  ) {
    super(kind, key);
  }

  static notSignedIn(hasToken: boolean): ApiRefusal {
    const key = hasToken ? 'auth.errors.access_token_invalid' : 'auth.errors.access_token_missing';
    return new ApiRefusal('unauthenticated', key, {}, hasToken);
  }

  /** Problem types are addresses of this site: they name the problem, nothing need answer there. */
  static notOnboarded({ name }: OnboardingStep, appUrl: string): ApiRefusal {
    if (name === 'revoked') {
      return new ApiRefusal('forbidden', 'errors.access_revoked', {
        type: `${appUrl}/problems/access-revoked`,
      });
    }
    return new ApiRefusal('forbidden', 'errors.onboarding_required', {
      type: `${appUrl}/problems/onboarding-required`,
      next_step: name,
    });
  }
}
