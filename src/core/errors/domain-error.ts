import type { TextKey } from '../i18n/text-keys.js';

/** Kinds of refusals. Filters decide the status, and whether the response is a page, a form or JSON. */
export type Refusal =
  | 'malformed' // the request itself makes no sense
  | 'invalid' // the input cannot be accepted
  | 'unauthenticated' // nobody is signed in, or the credentials are wrong
  | 'forbidden' // known, but not allowed
  | 'not_found' // there is no such thing, or it is someone else's
  | 'conflict' // the state of things does not allow it
  | 'stale' // somebody else changed it since it was read
  | 'gone' // a link that was used, cancelled or has expired
  | 'subscription_required' // the organisation has not bought it, or has to pay first
  | 'closed' // the organisation was closed, and is read-only until it is erased
  | 'limit_reached' // the organisation has as many as it bought
  | 'rate_limited' // too often; `retryAfter` says when
  | 'unavailable'; // something this needs does not answer

export interface DomainErrorDetails {
  /** The field of the form or body that the refusal is about. */
  field?: string;
  /** Named values for the text of the key. */
  args?: Record<string, unknown>;
  /** Seconds. */
  retryAfter?: number;
}

/** A refusal with a translation key. The only error that services throw on purpose. */
export class DomainError extends Error {
  constructor(
    readonly kind: Refusal,
    readonly key: TextKey,
    readonly details: DomainErrorDetails = {},
  ) {
    super(`${kind}: ${key}`);
    this.name = 'DomainError';
  }
}

/** A refusal that is answered like `not_found`, so that it does not reveal that something exists. */
export class HiddenRefusal extends DomainError {
  constructor(key: TextKey) {
    super('not_found', key);
  }
}
