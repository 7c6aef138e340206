import type { Params } from 'nestjs-pino';
import type { AppConfig } from '../../config/config.js';
import {
  currentContext,
  isOwnContext,
  type RequestContext,
} from '../../context/request-context.js';

/**
 * JSON in production, readable in development. A line carries the ids of its request or job, and never a
 * body, cookie or token. Requests themselves are logged by `logRequests`.
 */
export function loggerOptions(config: AppConfig): Params {
  return {
    pinoHttp: {
      level: config.LOG_LEVEL,
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
      mixin: () => fieldsOf(currentContext()),
      wrapSerializers: false,
      serializers: { req: asItIs, res: asItIs },
      ...(config.NODE_ENV === 'development' && config.LOG_LEVEL !== 'silent'
        ? { transport: PRETTY }
        : {}),
    },
    // No logger per request: it would cost more than most requests.
    forRoutes: [],
  };
}

/** Fields that correlate the lines of a request, and of a job with the request that caused it. */
export function fieldsOf(scope: Readonly<RequestContext>): Record<string, string> {
  const { job, requestId, tenantId, traceId } = scope;
  if (!isOwnContext(scope)) return {};
  return {
    ...(job ? { job } : {}),
    request_id: requestId,
    ...actorOf(scope),
    ...(tenantId ? { tenant_id: tenantId } : {}),
    ...(traceId ? { trace_id: traceId } : {}),
  };
}

/** Redacts these names in any logged object. */
const SECRETS = ['password', 'token', 'secret', 'authorization', 'cookie', 'html', 'text', 'body'];

/** The actor, and the superuser who impersonates them. */
function actorOf({ actorId, actorKind, staff }: Readonly<RequestContext>): Record<string, string> {
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

function asItIs<T>(value: T): T {
  return value;
}

/** The path without its query and without tokens of mailed links. */
export function masked(url: string): string {
  return url.split('?')[0]!.replace(/[\w-]{43}/g, '…');
}
