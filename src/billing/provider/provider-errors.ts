/** The provider does not answer, is too slow, or limits the rate: tried again later, and nobody is locked out. */
export class ProviderUnavailable extends Error {
  constructor(
    message: string,
    /** Seconds after which it may be tried again, where the provider says so. */
    readonly retryAfter: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ProviderUnavailable';
  }
}

export const PROVIDER_REFUSALS = ['declined', 'not_found', 'not_possible'] as const;
export type ProviderRefusal = (typeof PROVIDER_REFUSALS)[number];

/**
 * The provider says no: `declined` (the payment), `not_found` (there is no such object) or `not_possible`
 * (its state does not allow it). The same call would be refused again.
 */
export class ProviderRefused extends Error {
  constructor(
    readonly reason: ProviderRefusal,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ProviderRefused';
  }
}

export const NOTIFICATION_REFUSALS = ['unsigned', 'bad_signature', 'stale', 'malformed'] as const;
export type NotificationRefusal = (typeof NOTIFICATION_REFUSALS)[number];

/** A notification that is not the provider's, is older than the tolerance, or cannot be read: it changes nothing. */
export class NotificationRefused extends Error {
  constructor(readonly reason: NotificationRefusal) {
    super(`The notification is refused: ${reason}`);
    this.name = 'NotificationRefused';
  }
}
