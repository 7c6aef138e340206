import type { Params } from 'nestjs-pino';
import type { AppConfig } from '../../config/config.js';
import {
  currentContext,
  isOwnContext,
  type RequestContext,
} from '../../context/request-context.js';

/**
 * JSON in production, readable in development. A line knows the request or job it belongs to; none holds
 * a body, a cookie or a token. What a request itself is worth is said by `logRequests`.
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
    // A logger for each request would cost more than what most requests do.
    forRoutes: [],
  };
}

/** What joins lines of one request, and those of a job with the request that caused it. */
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

/** A second net: nothing is logged under these names, whoever hands it to the logger. */
const SECRETS = ['password', 'token', 'secret', 'authorization', 'cookie', 'html', 'text', 'body'];

/** Whoever acts, and the member of staff who does it on their behalf. */
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

/** The path without its query, and without the secret of a mailed link. */
export function masked(url: string): string {
  return url.split('?')[0]!.replace(/[\w-]{43}/g, '…');
}
