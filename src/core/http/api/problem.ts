import { DomainError, type Refusal } from '../../errors/domain-error.js';

/** HTTP status of each refusal (RFC 9110 §15.5, RFC 6585 §4). */
const STATUS: Record<Refusal, number> = {
  malformed: 400,
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  rate_limited: 429,
  unavailable: 503,
};

export function statusOf(error: DomainError): number {
  return STATUS[error.kind];
}

/** Problem details (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
  /** What is wrong with single values: a JSON pointer into the body (RFC 6901), and a sentence. */
  errors?: Array<{ pointer: string; detail: string }>;
  /** The onboarding step to take before the product opens. */
  next_step?: string;
  /** What the API key would have to be allowed. */
  scope?: string;
}

/** The pointer to a property of the body; to the whole when it is about no property. */
export function pointerTo(property: string | null): string {
  return property === null ? '' : `/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
