import { BoundedCache } from '../core/utils/bounded-cache.js';

/** Claims of an access token whose signature was verified. */
export interface CheckedToken {
  /** The ids of session, user and key. */
  sid: string;
  sub: string;
  kid: string;
  /** Seconds since 1970 (RFC 7519 §4.1.4). */
  exp: number;
}

/** Maximum number of entries (about 5 MB): more clients than one process serves in ten minutes. */
const MOST = 10_000;

/**
 * Cache of tokens whose signature was verified. A client sends the same token for ten minutes; what can
 * change (time, key, session) is checked on every request.
 */
export class CheckedTokens {
  private readonly known = new BoundedCache<string, CheckedToken>(MOST);

  /** The claims of the token; undefined when it was not verified lately or has expired. */
  find(token: string): CheckedToken | undefined {
    const found = this.known.get(token);
    if (!found || found.exp > Math.floor(Date.now() / 1000)) return found;
    this.known.delete(token);
    return undefined;
  }

  remember(token: string, says: CheckedToken): void {
    this.known.set(token, says);
  }
}
