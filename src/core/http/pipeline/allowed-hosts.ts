import { HttpException } from '@nestjs/common';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { AppConfig } from '../../config/config.js';

/** Probes and metrics ask a pod by its own address. */
const OPERATORS = /^\/(health|metrics)(\/|$)/i;

/** What 421 stands for: this server is not set up to answer for that host (RFC 9110 §15.5.20). */
const MISDIRECTED = 421;

/**
 * Refuses requests for another host than ours: an attacker's name that points here (DNS rebinding), a
 * cache that is to be poisoned. Links are built from APP_URL all the same.
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

/** With and without its port; behind a trusted proxy, the one the proxy was asked for. */
function namesOf(req: Request): string[] {
  return [req.host, req.hostname].filter(Boolean).map((name) => name.toLowerCase());
}
