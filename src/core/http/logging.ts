import type { IncomingMessage } from 'node:http';
import type { Params } from 'nestjs-pino';
import type { AppConfig } from '../config/config.js';
import type { Scope } from '../context/request-context.js';

type LoggedRequest = IncomingMessage & { id?: unknown; scope?: Scope; originalUrl?: string };

/**
 * One line per request: id, who, what, how long; never a body, a cookie or a token. JSON in production,
 * readable in development. Probes and static files are not worth a line.
 */
export function loggerOptions(config: AppConfig): Params {
  return {
    pinoHttp: {
      level: config.LOG_LEVEL,
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

function actorOf({ actorId, actorKind }: Partial<Scope> = {}): Record<string, string> {
  if (!actorId) return {};
  return actorKind === 'key' ? { key_id: actorId } : { user_id: actorId };
}

const PRETTY = {
  target: 'pino-pretty',
  options: {
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname,req,res,context,request_id,user_id,key_id,tenant_id,latency_ms',
  },
};

function pathOf(req: LoggedRequest): string {
  return masked(req.originalUrl ?? req.url ?? '');
}

/** The path without its query, and without the secret of a mailed link. */
function masked(url: string): string {
  return url.split('?')[0]!.replace(/[\w-]{43}/g, '…');
}
