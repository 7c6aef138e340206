import type { Permission } from '../../features/names.js';
import { DomainError, type Refusal } from '../../errors/domain-error.js';
import type { TextKey } from '../../i18n/text-keys.js';
import type { OnboardingStep } from '../access/onboarding-steps.js';
import { problemType } from './problem-types.js';
import type { Problem } from './problem.js';

/** A refusal with a problem type and extension members that tell API clients what to do. */
export class ApiRefusal extends DomainError {
  private constructor(
    kind: Refusal,
    key: TextKey,
    readonly problem: Partial<Problem> = {},
    /** The `WWW-Authenticate` challenge about the token (RFC 6750 §3.1). */
    readonly challenge?: string,
    args?: Record<string, string>,
  ) {
    super(kind, key, args ? { args } : {});
  }

  /** 401; `shown`: the kind of credentials that were sent. */
  static notSignedIn(shown: 'nothing' | 'token' | 'key'): ApiRefusal {
    const challenge = shown === 'nothing' ? undefined : 'error="invalid_token"';
    return new ApiRefusal('unauthenticated', UNKNOWN[shown], {}, challenge);
  }

  /** 403: the API key is valid and lacks the scope. */
  static insufficientScope(scope: Permission, appUrl: string): ApiRefusal {
    return new ApiRefusal(
      'forbidden',
      'errors.insufficient_scope',
      { type: problemType('insufficient-scope', appUrl), scope },
      `error="insufficient_scope", scope="${scope}"`,
      { scope },
    );
  }

  /** 403: the route is for people, and an API key acts as the organisation. */
  static peopleOnly(appUrl: string): ApiRefusal {
    return new ApiRefusal('forbidden', 'errors.people_only', {
      type: problemType('people-only', appUrl),
    });
  }

  /** 401: the password was right, and the sign-in waits for a second factor. */
  static secondFactorRequired(
    waiting: { token: string; expiresIn: number; factors: readonly string[] },
    appUrl: string,
  ): ApiRefusal {
    return new ApiRefusal('unauthenticated', 'errors.second_factor_required', {
      type: problemType('second-factor-required', appUrl),
      second_factor_token: waiting.token,
      expires_in: waiting.expiresIn,
      second_factors: waiting.factors,
    });
  }

  /** 403: the person proves again who they are first (`POST /api/v1/auth/step-up`). */
  static stepUpRequired(factors: readonly string[], appUrl: string): ApiRefusal {
    return new ApiRefusal('forbidden', 'errors.step_up_required', {
      type: problemType('step-up-required', appUrl),
      second_factors: factors,
    });
  }

  /** 403: onboarding is not complete. */
  static notOnboarded({ name }: OnboardingStep, appUrl: string): ApiRefusal {
    if (name === 'revoked') {
      return new ApiRefusal('forbidden', 'errors.access_revoked', {
        type: problemType('access-revoked', appUrl),
      });
    }
    return new ApiRefusal('forbidden', 'errors.onboarding_required', {
      type: problemType('onboarding-required', appUrl),
      next_step: name,
    });
  }
}

const UNKNOWN = {
  nothing: 'errors.access_token_missing',
  token: 'errors.access_token_invalid',
  key: 'errors.api_key_invalid',
} as const;
