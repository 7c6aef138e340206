import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import type { AppConfig } from '../../config/config.js';

const PERMISSIONS = 'camera=(), geolocation=(), microphone=(), payment=(), usb=()';

/**
 * OWASP's security headers; the CSP allows files of this host and scripts by nonce only. A nonce is 128
 * random bits (CSP Level 3, §7.1), and valid for one answer.
 */
export function securityHeaders({ isProduction, formTargets }: AppConfig): RequestHandler {
  const own = ["'self'", (_: unknown, res: ServerResponse) => `'nonce-${nonceOf(res)}'`];
  const setHeaders = helmet({
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
        // A browser holds redirects after a form to it, too.
        formAction: ["'self'", ...formTargets],
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
  return (req: Request, res: Response, next: NextFunction): void => {
    res.locals.nonce = randomBytes(16).toString('base64url');
    res.setHeader('Permissions-Policy', PERMISSIONS);
    setHeaders(req, res, next);
  };
}

function nonceOf(res: ServerResponse): string {
  return String((res as Response).locals.nonce);
}
