import type { NextFunction, Request, Response } from 'express';
import { isApi } from '../api/api-path.js';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const ASKED_WITH =
  'Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match';
const ANSWERED_WITH =
  'Content-Language, ETag, Idempotency-Replayed, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, WWW-Authenticate, X-Request-Id';
/** Seconds a browser may remember the answer to a preflight. */
const REMEMBERED = 7_200;

/**
 * Lets scripts of the named origins, and of no others, read what the API answers (Fetch standard, "CORS
 * protocol"). Never with credentials: the API knows no cookies, and a token is sent on purpose. Without
 * origins nothing is said, and browsers keep the answers from scripts of other sites.
 */
export function cors(origins: readonly string[]) {
  const allowed = new Set(origins);
  return (req: Request, res: Response, next: NextFunction): void => {
    if (allowed.size === 0 || !isApi(req)) return next();
    // Also for those who are not named: a cache must not hand them the answer of somebody who is.
    res.vary('Origin');
    const origin = req.get('origin');
    if (origin === undefined || !allowed.has(origin)) return next();
    res.setHeader('Access-Control-Allow-Origin', origin);
    if (!isPreflight(req)) {
      res.setHeader('Access-Control-Expose-Headers', ANSWERED_WITH);
      return next();
    }
    res.setHeader('Access-Control-Allow-Methods', METHODS);
    res.setHeader('Access-Control-Allow-Headers', ASKED_WITH);
    res.setHeader('Access-Control-Max-Age', String(REMEMBERED));
    res.vary('Access-Control-Request-Method').vary('Access-Control-Request-Headers');
    res.status(204).end();
  };
}

function isPreflight(req: Request): boolean {
  return req.method === 'OPTIONS' && req.get('access-control-request-method') !== undefined;
}
