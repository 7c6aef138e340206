import type { Permission } from '../../features/names.js';
import { DomainError, type Refusal } from '../../errors/domain-error.js';
import type { TextKey } from '../../i18n/text-keys.js';
import type { OnboardingStep } from '../access/onboarding-steps.js';
import type { Problem } from './problem.js';

/** A refusal of which clients of the API learn more than a status: what they can do about it. */
export class ApiRefusal extends DomainError {
  private constructor(
    kind: Refusal,
    key: TextKey,
    readonly problem: Partial<Problem> = {},
    /** What `WWW-Authenticate` says of the token that was shown (RFC 6750 §3.1). */
    readonly challenge?: string,
    args?: Record<string, string>,
  ) {
    super(kind, key, args ? { args } : {});
  }

  /** `shown`: what was sent to be recognised by, if anything. */
  static notSignedIn(shown: 'nothing' | 'token' | 'key'): ApiRefusal {
    const challenge = shown === 'nothing' ? undefined : 'error="invalid_token"';
    return new ApiRefusal('unauthenticated', UNKNOWN[shown], {}, challenge);
  }

  /** The key counts, and this is not among what it is allowed. */
  static insufficientScope(scope: Permission, appUrl: string): ApiRefusal {
    return new ApiRefusal(
      'forbidden',
      'errors.insufficient_scope',
      { type: `${appUrl}/problems/insufficient-scope`, scope },
      `error="insufficient_scope", scope="${scope}"`,
      { scope },
    );
  }

  /** A key acts as the organisation: what only a person has, it has not. */
  static peopleOnly(appUrl: string): ApiRefusal {
    return new ApiRefusal('forbidden', 'errors.people_only', {
      type: `${appUrl}/problems/people-only`,
    });
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

const UNKNOWN = {
  nothing: 'auth.errors.access_token_missing',
  token: 'auth.errors.access_token_invalid',
  key: 'auth.errors.api_key_invalid',
} as const;
