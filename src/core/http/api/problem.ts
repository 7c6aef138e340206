import { DomainError, type Refusal } from '../../errors/domain-error.js';

/** HTTP status of each refusal (RFC 9110 §15.5, RFC 6585 §4). */
const STATUS: Record<Refusal, number> = {
  malformed: 400,
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  gone: 410,
  closed: 403,
  subscription_required: 402,
  limit_reached: 402,
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
  /** Errors of single values: a JSON pointer into the body (RFC 6901) and a text. */
  errors?: Array<{ pointer: string; detail: string }>;
  /** The next onboarding step. */
  next_step?: string;
  /** A sign-in that waits for its second factor: token, seconds until it expires, kinds the person has. */
  second_factor_token?: string;
  expires_in?: number;
  second_factors?: readonly string[];
  /** The scope that the API key lacks. */
  scope?: string;
}

/** JSON pointer to a property of the body, `lines[2].quantity` too; empty for the whole body. */
export function pointerTo(property: string | null): string {
  if (property === null) return '';
  const path = property.replaceAll('~', '~0').replaceAll('/', '~1');
  return `/${path.replace(/^(\w+)\[(\d+)\](\.|$)/, '$1/$2$3').replace(/^(\w+\/\d+)\./, '$1/')}`;
}
