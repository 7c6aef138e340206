import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { PinoLogger } from 'nestjs-pino';
import type { Logger } from 'pino';
import type { AppConfig } from '../../config/config.js';
import { currentContext } from '../../context/request-context.js';
import { fieldsOf, masked } from './logging.js';

/** Probes and files are not logged. */
const UNLOGGED = /^\/(health|assets|media)\b/;

let plain: { root: Logger; log: Logger } | undefined;

/** The application's logger without redaction, as request lines hold no secrets. */
function plainLog(): Logger {
  const { root } = PinoLogger;
  if (plain?.root !== root) plain = { root, log: root.child({}, { redact: [] }) };
  return plain.log;
}

/**
 * Logs one line per request after its response: actor, route, status, time in milliseconds. Aborted requests
 * are marked.
 */
export function logRequests({ isProduction }: AppConfig): RequestHandler {
  return (req: Request, res: Response, next: NextFunction): void => {
    if (UNLOGGED.test(req.url)) return next();
    const scope = currentContext();
    const { method, url } = req;
    res.once('close', () => {
      const log = plainLog();
      const status = res.statusCode;
      const level = status >= 500 ? 'error' : isProduction ? 'info' : 'debug';
      if (!log.isLevelEnabled(level)) return;
      const path = masked(url);
      const line = {
        ...fieldsOf(scope),
        req: { method, path },
        res: { status, ...(res.writableFinished ? {} : { aborted: true }) },
        latency_ms: Math.round(performance.now() - scope.startedAt),
      };
      log[level](line, `${method} ${path} ${status}`);
    });
    next();
  };
}
