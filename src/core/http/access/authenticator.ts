import type { Request } from 'express';
import type { Principal } from '../../context/principal.js';

/** What a request brings to be known by: nothing, an access token, or an API key. */
export type CredentialKind = 'nothing' | 'token' | 'key';

/**
 * Finds out who sends a request and which language they read, and puts both into the request's context.
 * Done at most once per request: by the access guard, or by the error page of a request that never
 * came that far. Implemented where sessions are known.
 */
export abstract class Authenticator {
  abstract authenticate(req: Request): Promise<void>;

  /** What a client of the API showed, whether it is good or not. */
  abstract credentialOf(req: Request): CredentialKind;

  /** The path at which this person begins. */
  abstract homeOf(principal: Principal): string;
}
