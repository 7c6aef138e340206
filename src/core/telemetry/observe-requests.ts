import type { INestApplication } from '@nestjs/common';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { currentContext, traceAs } from '../context/request-context.js';
import { Metrics } from './metrics.js';
import { routeOf } from './route-of.js';
import { readTraceParent } from './trace-parent.js';
import { Tracing } from './tracing.js';

/** Measures and traces each request; must come right after its context is created. */
export function observeRequests(app: INestApplication): RequestHandler {
  const metrics = app.get(Metrics);
  const tracing = app.get(Tracing);
  return (req: Request, res: Response, next: NextFunction): void => {
    const parent = readTraceParent(req.headers.traceparent);
    const span = tracing.begin(methodOf(req), 'server', {}, parent);
    traceAs(span?.spanContext().traceId ?? parent?.traceId ?? null, span);
    if (metrics.isOpen || span) {
      const counted = metrics.isOpen ? metrics.request() : null;
      const scope = currentContext();
      res.once('close', () => {
        const method = methodOf(req);
        const route = routeOf(req);
        const status = res.writableFinished ? String(res.statusCode) : 'aborted';
        counted?.({ method, route, status });
        if (!span) return;
        span.updateName(`${method} ${route}`);
        span.setAttributes({
          'http.request.method': method,
          'http.route': route,
          'http.response.status_code': res.statusCode,
          'atrium.request_id': scope.requestId,
          ...(scope.principal ? { 'user.id': scope.principal.userId } : {}),
          ...(scope.tenantId ? { 'tenant.id': scope.tenantId } : {}),
        });
        if (res.statusCode >= 500) span.setStatus({ code: SPAN_ERROR });
        span.end();
      });
    }
    next();
  };
}

/** `SpanStatusCode.ERROR`; the enum itself would load the package. */
const SPAN_ERROR = 2;

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Unknown methods share one label. */
function methodOf(req: Request): string {
  return METHODS.has(req.method) ? req.method : 'OTHER';
}
