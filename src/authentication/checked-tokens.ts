import { BoundedCache } from '../core/utils/bounded-cache.js';

/** What an access token says, once its signature was found good. */
export interface CheckedToken {
  /** The session it names, whose it is, and the key it is signed with. */
  sid: string;
  sub: string;
  kid: string;
  /** Seconds since 1970 (RFC 7519 §4.1.4). */
  exp: number;
}

/** Some 5 MB of tokens: more clients than one process serves in ten minutes. */
const MOST = 10_000;

/**
 * Tokens that were checked lately. A client shows the same one for ten minutes, and whether it is
 * genuine does not change; what may change (the time, the key, the session) is asked every time.
 */
export class CheckedTokens {
  private readonly known = new BoundedCache<string, CheckedToken>(MOST);

  /** What this token says; nothing when it was not checked lately or its time is over. */
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
