import type { IncomingMessage } from 'node:http';
import type { Params } from 'nestjs-pino';
import type { AppConfig } from '../config/config.js';
import { currentScope, type Scope } from '../context/request-context.js';

type LoggedRequest = IncomingMessage & { id?: unknown; scope?: Scope; originalUrl?: string };

/**
 * One line per request: id, who, what, how long; never a body, a cookie or a token. JSON in production,
 * readable in development. Probes and static files are not worth a line.
 */
export function loggerOptions(config: AppConfig): Params {
  return {
    pinoHttp: {
      level: config.LOG_LEVEL,
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
      // Lines of a request are bound to it by the logger itself.
      mixin: () => jobFields(),
      ...(config.NODE_ENV === 'development' && config.LOG_LEVEL !== 'silent'
        ? { transport: PRETTY }
        : {}),
      // Given by `openScope`, before anything can fail.
      genReqId: (req) => req.id,
      autoLogging: { ignore: (req) => /^\/(health|assets|media)\b/.test(req.url ?? '') },
      quietReqLogger: true,
      customAttributeKeys: { reqId: 'request_id', responseTime: 'latency_ms' },
      customLogLevel: (_req, res, error) =>
        res.statusCode >= 500 || error ? 'error' : config.isProduction ? 'info' : 'debug',
      customSuccessMessage: (req, res) => `${req.method} ${pathOf(req)} ${res.statusCode}`,
      customErrorMessage: (req, res) => `${req.method} ${pathOf(req)} ${res.statusCode}`,
      customProps: (req: LoggedRequest) => ({
        ...actorOf(req.scope),
        ...(req.scope?.tenantId ? { tenant_id: req.scope.tenantId } : {}),
        ...(req.scope?.traceId ? { trace_id: req.scope.traceId } : {}),
      }),
      serializers: {
        req: (req: { method: string; url: string }) => ({
          method: req.method,
          path: masked(req.url),
        }),
        res: (res: { statusCode: number }) => ({ status: res.statusCode }),
      },
    },
  };
}

/** A second net: nothing is logged under these names, whoever hands it to the logger. */
const SECRETS = ['password', 'token', 'secret', 'authorization', 'cookie', 'html', 'text', 'body'];

/** What joins a line of a job with the request that caused it. */
function jobFields(): Record<string, string> {
  const scope = currentScope();
  const { job, requestId, tenantId, traceId } = scope;
  if (!job) return {};
  return {
    job,
    request_id: requestId,
    ...actorOf(scope),
    ...(tenantId ? { tenant_id: tenantId } : {}),
    ...(traceId ? { trace_id: traceId } : {}),
  };
}

/** Whoever acts, and the member of staff who does it on their behalf. */
function actorOf({ actorId, actorKind, staff }: Partial<Scope> = {}): Record<string, string> {
  if (!actorId) return {};
  const who = actorKind === 'key' ? 'key_id' : 'user_id';
  return { [who]: actorId, ...(staff ? { staff_id: staff.id } : {}) };
}

const PRETTY = {
  target: 'pino-pretty',
  options: {
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname,req,res,context,request_id,user_id,key_id,staff_id,tenant_id,latency_ms',
  },
};

function pathOf(req: LoggedRequest): string {
  return masked(req.originalUrl ?? req.url ?? '');
}

/** The path without its query, and without the secret of a mailed link. */
export function masked(url: string): string {
  return url.split('?')[0]!.replace(/[\w-]{43}/g, '…');
}
