/** Why an address is refused before anything is sent. Each has a text. i18n-uses: errors.outbound.* */
export const ADDRESS_REFUSALS = [
  'malformed', // no URL, or longer than 2,000 characters once it is encoded
  'scheme', // not https
  'user_info', // a name or password in the URL
  'port', // not one of OUTBOUND_PORTS
  'address', // no address on the public Internet
] as const;
export type AddressRefusal = (typeof ADDRESS_REFUSALS)[number];

/** Why a request has failed without an answer. */
export const OUTBOUND_FAILURES = [
  ...ADDRESS_REFUSALS,
  'unresolved', // the name has no address
  'timeout', // longer than OUTBOUND_TIMEOUT_SECONDS, all in all
  'tls', // the certificate is not valid
  'connection', // refused, reset, or no HTTP
] as const;
export type OutboundFailure = (typeof OUTBOUND_FAILURES)[number];

/** A request to an address somebody else chose that was not made, or got no answer. */
export class OutboundError extends Error {
  constructor(
    readonly reason: OutboundFailure,
    cause?: unknown,
  ) {
    super(`No request was answered: ${reason}`, { cause });
    this.name = 'OutboundError';
  }
}
