import { randomFillSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import type { AppConfig } from '../../config/config.js';

/**
 * OWASP's security headers; the CSP allows files of this host and scripts by nonce only. Helmet's headers are
 * computed once: only the nonce differs.
 */
export function securityHeaders(config: AppConfig): RequestHandler {
  const headers = fixedHeaders(config);
  const policy = headers.get(POLICY)!.split(NONCE);
  headers.delete(POLICY);
  const fixed = [...headers];
  return (_req: Request, res: Response, next: NextFunction): void => {
    const nonce = newNonce();
    res.locals.nonce = nonce;
    res.setHeader(POLICY, policy.join(nonce));
    for (const [name, value] of fixed) res.setHeader(name, value);
    next();
  };
}

const POLICY = 'Content-Security-Policy';
const NONCE = '{nonce}';

function fixedHeaders({ isProduction }: AppConfig): Map<string, string> {
  const own = ["'self'", `'nonce-${NONCE}'`];
  const say = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: own,
        styleSrc: own,
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        ...(isProduction ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: isProduction ? { maxAge: 63_072_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
  });
  const headers = new Map([
    ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
  ]);
  const listener = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader: (name: string) => headers.delete(name),
  };
  say({} as IncomingMessage, listener as unknown as ServerResponse, (refused?: unknown) => {
    if (refused) throw refused as Error;
  });
  return headers;
}

/** Random bytes are drawn for many nonces at once, as a call costs more than its bytes. */
const BYTES = 16;
const pool = Buffer.alloc(256 * BYTES);
let drawn = pool.length;

/** A nonce of 128 random bits (CSP Level 3, §7.1), for one response. */
function newNonce(): string {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  return pool.toString('base64url', drawn, (drawn += BYTES));
}
