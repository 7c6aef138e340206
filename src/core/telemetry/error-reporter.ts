import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ErrorEvent } from '@sentry/core';
import { AppConfig } from '../config/config.js';
import { currentContext } from '../context/request-context.js';

type Report = (error: unknown, where: string) => void;

/**
 * Reports unexpected errors to a Sentry project (SENTRY_DSN), with route and ids only: no body, cookie,
 * address or name. Without a DSN the SDK is not loaded.
 */
@Injectable()
export class ErrorReporter implements OnApplicationShutdown {
  private constructor(
    private readonly send: Report | null,
    private readonly flush: () => Promise<unknown>,
  ) {}

  static async start(config: AppConfig): Promise<ErrorReporter> {
    if (!config.SENTRY_DSN) return new ErrorReporter(null, () => Promise.resolve());
    const { send, flush } = await loadSentry(config.SENTRY_DSN, config.NODE_ENV);
    return new ErrorReporter(send, flush);
  }

  /** `where`: the pattern of a route or the name of a queue. Never throws, never waits. */
  report(error: unknown, where: string): void {
    this.send?.(error, where);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.flush();
  }
}

/**
 * Loads only the core of the SDK, which sends what it is given; the full SDK patches modules, collects
 * breadcrumbs and reads requests.
 */
async function loadSentry(dsn: string, environment: string) {
  const { createStackParser, createTransport, Scope } = await import('@sentry/core');
  const { nodeStackLineParser, ServerRuntimeClient } = await import('@sentry/core/server');
  const client = new ServerRuntimeClient({
    dsn,
    environment,
    platform: 'node',
    integrations: [],
    stackParser: createStackParser(nodeStackLineParser()),
    transport: (options) =>
      createTransport(options, async ({ body }) => {
        const answer = await fetch(options.url, {
          method: 'POST',
          body: body as string,
          headers: options.headers ?? {},
          signal: AbortSignal.timeout(5_000),
        });
        await answer.arrayBuffer();
        return {
          statusCode: answer.status,
          headers: {
            'x-sentry-rate-limits': answer.headers.get('x-sentry-rate-limits'),
            'retry-after': answer.headers.get('retry-after'),
          },
        };
      }),
    beforeSend: scrubbed,
  });
  client.init();
  const send: Report = (error, where) => {
    const { actorId, actorKind, staff, tenantId, requestId, traceId } = currentContext();
    const scope = new Scope();
    if (actorId && actorKind === 'person') scope.setUser({ id: actorId });
    scope.setTags({ where, tenant_id: tenantId, request_id: requestId, trace_id: traceId });
    if (staff) scope.setTag('staff_id', staff.id);
    client.captureException(error, undefined, scope);
  };
  return { send, flush: () => Promise.resolve(client.close(2_000)) };
}

/** Keeps only fields that name nobody; masks addresses and tokens in messages. */
function scrubbed(event: ErrorEvent): ErrorEvent {
  const { event_id, timestamp, platform, level, environment, exception, tags, user, type } = event;
  for (const value of exception?.values ?? []) {
    if (value.value) value.value = withoutPersonalData(value.value);
  }
  return {
    type,
    ...(event_id ? { event_id } : {}),
    ...(timestamp ? { timestamp } : {}),
    ...(platform ? { platform } : {}),
    ...(level ? { level } : {}),
    ...(environment ? { environment } : {}),
    ...(exception ? { exception } : {}),
    ...(tags ? { tags } : {}),
    ...(user?.id ? { user: { id: user.id } } : {}),
  };
}

function withoutPersonalData(text: string): string {
  return text
    .replace(/[^\s"'<>()=:,]+@[^\s"'<>()=:,]+/g, '[address]')
    .replace(/\b(?![0-9a-f]{8}-)[\w-]{32,}(\.[\w-]+)*/g, '[token]')
    .slice(0, 1_000);
}
