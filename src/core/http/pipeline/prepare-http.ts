import { randomUUID } from 'node:crypto';
import { BadRequestException } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import cookieParser from 'cookie-parser';
import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { AppConfig } from '../../config/config.js';
import { runInContext } from '../../context/request-context.js';
import { observeRequests } from '../../telemetry/observe-requests.js';
import { acceptedLocale } from './accepted-locale.js';
import { allowedHosts } from './allowed-hosts.js';
import { isApi } from '../api/api-path.js';
import { clientInfo } from '../security/client-info.js';
import { corsOfApi } from '../security/cors.js';
import { logRequests } from './request-log.js';
import { securityHeaders } from '../security/security-headers.js';

/** Registers the middleware that runs before every route. */
export function prepareHttp(app: NestExpressApplication): void {
  const config = app.get(AppConfig);
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  if (config.TRUST_PROXY) app.set('trust proxy', trustProxy(config.TRUST_PROXY));

  app.use(
    inTurn(
      openScope,
      originServer,
      logRequests(config),
      observeRequests(app),
      securityHeaders(config),
    ),
  );
  if (config.CORS_ORIGINS.length > 0) app.enableCors(corsOfApi(config.CORS_ORIGINS));
  // Compresses files only: pages contain a CSRF token, which compression beside reflected input could reveal
  // (BREACH).
  app.use('/assets', compression());
  app.use(
    inTurn(
      cookieParser(),
      plainCookies,
      oneHost,
      allowedHosts(config),
      readableAddress,
      ofPages(express.urlencoded({ extended: false, limit: '1mb', parameterLimit: 500 })),
      ofPages(express.json({ limit: '1mb', type: ['application/json', 'application/*+json'] })),
    ),
  );
}

/** Combines handlers into one, so that Express matches the path once. */
function inTurn(...handlers: RequestHandler[]): RequestHandler {
  return (req, res, next) => {
    let at = 0;
    const step = (error?: unknown): unknown => {
      if (error) return next(error);
      const handler = handlers[at++];
      return handler ? handler(req, res, step) : next();
    };
    step();
  };
}

/** Skips the API, which reads its bodies after authentication; see `ApiBodyGuard`. */
function ofPages(parse: RequestHandler): RequestHandler {
  return (req, res, next) => (isApi(req) ? next() : parse(req, res, next));
}

function openScope(req: Request, res: Response, next: NextFunction): void {
  const requestId = requestIdOf(req);
  res.setHeader('X-Request-Id', requestId);
  if (isApi(req)) res.setHeader('Cache-Control', 'no-store');
  // Errors may be answered before authentication.
  const locale = acceptedLocale(req);
  const { ip: address, userAgent: device } = clientInfo(req);
  runInContext({ requestId, locale, address, device }, next);
}

/**
 * Ignores `Cache-Control` of requests, which is for caches on the way (RFC 9111 §5.2.1): fetch adds
 * `no-cache` to conditional requests. A current entity tag is answered 304 (RFC 9110 §13.1.2); Express would
 * send everything again.
 */
function originServer({ headers }: Request, _res: Response, next: NextFunction): void {
  delete headers['cache-control'];
  next();
}

/**
 * Accepts a plain request id from a trusted proxy (`TRUST_PROXY`), so that both logs can be joined. Other
 * clients cannot choose what appears in log and audit trail.
 */
function requestIdOf(req: Request): string {
  const given = req.get('x-request-id');
  const isPlain = given !== undefined && /^[\w-]{8,64}$/.test(given);
  return isPlain && comesFromProxy(req) ? given : randomUUID();
}

function comesFromProxy({ app, socket }: Request): boolean {
  const isTrusted = app.get('trust proxy fn') as (address: string, hop: number) => boolean;
  return isTrusted(socket.remoteAddress ?? '', 0);
}

/** Refuses requests with two `Host` headers (RFC 9112 §3.2): a proxy may have used the other one. */
function oneHost({ rawHeaders }: Request, _res: Response, next: NextFunction): void {
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  next(hosts.length > 1 ? new BadRequestException() : undefined);
}

/** Answers 400 to a path that cannot be decoded. */
function readableAddress({ path }: Request, _res: Response, next: NextFunction): void {
  next(isReadable(path) ? undefined : new BadRequestException());
}

function isReadable(path: string): boolean {
  try {
    if (path.includes('%')) decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/** cookie-parser parses cookies with the prefix `j:` as JSON, which this site never sets: removes them. */
function plainCookies(req: Request, _res: Response, next: NextFunction): void {
  const cookies = req.cookies as Record<string, unknown>;
  for (const [name, value] of Object.entries(cookies)) {
    if (typeof value !== 'string') cookies[name] = '';
  }
  next();
}

/** Parses `TRUST_PROXY`: a number of hops, or addresses and names known to Express (`loopback`). */
function trustProxy(value: string): number | string {
  return /^\d+$/.test(value) ? Number(value) : value;
}
