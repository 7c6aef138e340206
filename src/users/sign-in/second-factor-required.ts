import { ApiRefusal } from '../../core/http/api/api-refusal.js';
import type { SignInOutcome } from './session-opening.js';

/**
 * The session of a sign-in through the API.
 * @throws ApiRefusal 401 `second-factor-required` with the token of the waiting sign-in
 */
export function sessionOf(outcome: SignInOutcome, appUrl: string): string {
  if (outcome.waiting) throw ApiRefusal.secondFactorRequired(outcome.waiting, appUrl);
  return outcome.session;
}
