import { randomBytes, randomUUID } from 'node:crypto';
import type { NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import cookieParser from 'cookie-parser';
import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import helmet from 'helmet';
import { AppConfig } from '../config/config.js';
import { currentScope, runInScope } from '../context/request-context.js';
import { DEFAULT_LOCALE, localeFromAcceptLanguage } from '../i18n/locales.js';
import { observeRequests } from '../telemetry/observe-requests.js';
import { allowedHosts } from './allowed-hosts.js';
import { isApi } from './api-path.js';
import { clientInfo } from './client-info.js';
import { cors } from './cors.js';

/** What happens to every request before it reaches a route. */
export function prepareHttp(app: NestExpressApplication): void {
  const config = app.get(AppConfig);
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  if (config.TRUST_PROXY) app.set('trust proxy', trustProxy(config.TRUST_PROXY));

  app.use(openScope);
  app.use(observeRequests(app));
  app.use(securityHeaders(config));
  app.use(cors(config.CORS_ORIGINS));
  // Files only: a page holds a token, which compression beside a visitor's own text could betray (BREACH).
  app.use('/assets', compression());
  app.use(cookieParser());
  app.use(plainCookies);
  app.use(allowedHosts(config));
  app.use(ofPages(express.urlencoded({ extended: false, limit: '1mb', parameterLimit: 500 })));
  app.use(
    ofPages(express.json({ limit: '1mb', type: ['application/json', 'application/*+json'] })),
  );
}

/** The API reads its bodies itself, once it knows who is asking; see `ApiBodyGuard`. */
function ofPages(parse: RequestHandler): RequestHandler {
  return (req, res, next) => (isApi(req) ? next() : parse(req, res, next));
}

function openScope(
  req: Request & { id?: string; scope?: unknown },
  res: Response,
  next: NextFunction,
): void {
  const requestId = requestIdOf(req);
  req.id = requestId;
  res.setHeader('X-Request-Id', requestId);
  if (isApi(req)) res.setHeader('Cache-Control', 'no-store');
  // What is wrong with a request may be said before anybody knows whose it is.
  const locale = localeFromAcceptLanguage(req.get('accept-language')) ?? DEFAULT_LOCALE;
  const { ip: address, userAgent: device } = clientInfo(req);
  runInScope({ requestId, locale, address, device }, () => {
    req.scope = currentScope();
    next();
  });
}

/** An id from a proxy in front is kept when it is a plain one, so that both logs can be joined. */
function requestIdOf(req: Request): string {
  const given = req.get('x-request-id');
  return given && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
}

/** The parser reads a cookie that starts with `j:` as JSON. None of ours does: such a one says nothing. */
function plainCookies(req: Request, _res: Response, next: NextFunction): void {
  const cookies = req.cookies as Record<string, unknown>;
  for (const [name, value] of Object.entries(cookies)) {
    if (typeof value !== 'string') cookies[name] = '';
  }
  next();
}

/** OWASP's header set; the policy allows this host's own files only, and scripts by nonce. */
function securityHeaders(config: AppConfig) {
  const secured = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", (_req, res) => `'nonce-${nonceOf(res as Response)}'`],
        styleSrc: ["'self'", (_req, res) => `'nonce-${nonceOf(res as Response)}'`],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        ...(config.isProduction ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: config.isProduction
      ? { maxAge: 63_072_000, includeSubDomains: true }
      : false,
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
  });
  return (req: Request, res: Response, next: NextFunction): void => {
    res.locals.nonce = randomBytes(16).toString('base64url');
    res.setHeader(
      'Permissions-Policy',
      'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    );
    secured(req, res, next);
  };
}

function nonceOf(res: Response): string {
  return String(res.locals.nonce);
}

/** A number of hops, or addresses and the names Express knows (`loopback`). */
function trustProxy(value: string): number | string {
  return /^\d+$/.test(value) ? Number(value) : value;
}
