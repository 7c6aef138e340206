import type { Request } from 'express';
import type { Principal } from '../../context/principal.js';

/** The kind of credentials of a request. */
export type CredentialKind = 'nothing' | 'token' | 'key';

/**
 * Authenticates a request, finds its language and sets both in the request's context. Runs at most once per
 * request: in the access guard, or for the error page of a request that did not reach it. Implemented by the
 * authentication feature.
 */
export abstract class Authenticator {
  abstract authenticate(req: Request): Promise<void>;

  /**
   * The person of a session as they are now; null when it has ended. Does not count as a use of the session.
   */
  abstract reread(principal: Principal): Promise<Principal | null>;

  /** The kind of credentials that an API request carries, valid or not. */
  abstract credentialOf(req: Request): CredentialKind;

  /** The path of this person's first page. */
  abstract homeOf(principal: Principal): string;
}
