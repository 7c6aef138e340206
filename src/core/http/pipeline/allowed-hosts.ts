import { HttpException } from '@nestjs/common';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { AppConfig } from '../../config/config.js';

/** Probes and metrics address a pod directly. */
const OPERATORS = /^\/(health|metrics)(\/|$)/i;

/** 421 Misdirected Request (RFC 9110 §15.5.20). */
const MISDIRECTED = 421;

/**
 * Refuses requests for other hosts (421): DNS rebinding and cache poisoning. Links are built from APP_URL in
 * any case.
 */
export function allowedHosts({ allowedHosts: hosts }: AppConfig): RequestHandler {
  const allowed = hosts && new Set(hosts.map((host) => host.toLowerCase()));
  return (req: Request, _res: Response, next: NextFunction): void => {
    if (!allowed || OPERATORS.test(req.path) || namesOf(req).some((name) => allowed.has(name))) {
      next();
    } else {
      next(new HttpException('This host is not served here', MISDIRECTED));
    }
  };
}

/** The host with and without its port; behind a trusted proxy, the forwarded one. */
function namesOf(req: Request): string[] {
  return [req.host, req.hostname].filter(Boolean).map((name) => name.toLowerCase());
}
