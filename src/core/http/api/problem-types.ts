/**
 * The types of problem documents (RFC 9457 §3.1.1) that clients tell refusals apart by, as the last part of an
 * address of this site: `<APP_URL>/problems/step-up-required`. Other refusals are `about:blank`: their status
 * says it. Each is explained in the API documentation.
 */
export const PROBLEM_TYPES = [
  'insufficient-scope',
  'people-only',
  'second-factor-required',
  'step-up-required',
  'onboarding-required',
  'access-revoked',
  'organization-closed',
  'subscription-required',
  'limit-reached',
] as const;

export type ProblemType = (typeof PROBLEM_TYPES)[number];

/** The URI of a problem type. */
export function problemType(name: ProblemType, appUrl: string): string {
  return `${appUrl}/problems/${name}`;
}
