import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Attributes, Context, Span, SpanKind, Tracer } from '@opentelemetry/api';
import { AppConfig } from '../config/config.js';
import { currentContext } from '../context/request-context.js';
import { writeTraceParent, type TraceParent } from './trace-parent.js';

/** The used parts of the OpenTelemetry SDK. */
interface Sdk {
  tracer: Tracer;
  under(parent: Span | TraceParent | null): Context;
  stop(): Promise<void>;
}

/** Values of `SpanKind`; the enum itself would load the package. */
const KINDS = { internal: 0, server: 1, client: 2, consumer: 4 } as const;

/**
 * Traces for an OTLP collector. Without OTEL_EXPORTER_OTLP_ENDPOINT the SDK is not loaded and every span is
 * null. Spans follow the request's context, without a context manager.
 */
@Injectable()
export class Tracing implements OnApplicationShutdown {
  private constructor(private readonly sdk: Sdk | null) {}

  static async start(config: AppConfig): Promise<Tracing> {
    return new Tracing(config.OTEL_EXPORTER_OTLP_ENDPOINT ? await loadSdk(config) : null);
  }

  get isOn(): boolean {
    return this.sdk !== null;
  }

  /** Starts a span below `parent` or the active span. The caller ends it. */
  begin(
    name: string,
    kind: keyof typeof KINDS,
    attributes: Attributes,
    parent: Span | TraceParent | null = currentContext().span,
  ): Span | null {
    if (!this.sdk) return null;
    const options = { kind: KINDS[kind] as SpanKind, attributes };
    return this.sdk.tracer.startSpan(name, options, this.sdk.under(parent));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.sdk?.stop();
  }
}

/** `traceparent` of the active span, to propagate. */
export function currentTraceParent(): string | null {
  const context = currentContext().span?.spanContext();
  if (!context) return null;
  const { traceId, spanId, traceFlags } = context;
  return writeTraceParent({ traceId, spanId, isSampled: (traceFlags & 1) === 1 });
}

async function loadSdk(config: AppConfig): Promise<Sdk> {
  const [api, trace, exporter, resources] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-proto'),
    import('@opentelemetry/resources'),
  ]);
  const log = new Logger('Tracing');
  const base = config.OTEL_EXPORTER_OTLP_ENDPOINT!.replace(/\/+$/, '');
  const spans = new exporter.OTLPTraceExporter({ url: `${base}/v1/traces` });
  const given = resources.detectResources({ detectors: [resources.envDetector] });
  const named = resources.resourceFromAttributes({ 'service.name': config.OTEL_SERVICE_NAME });
  const provider = new trace.TracerProvider({
    resource: resources.defaultResource().merge(given).merge(named),
    sampler: new trace.ParentBasedSampler({
      root: new trace.TraceIdRatioBasedSampler(config.OTEL_TRACES_SAMPLER_ARG),
    }),
    spanProcessors: [new trace.BatchSpanProcessor({ exporter: spans })],
  });
  return {
    tracer: provider.getTracer('atrium'),
    under: (parent) => {
      if (!parent) return api.ROOT_CONTEXT;
      if ('spanContext' in parent) return api.trace.setSpan(api.ROOT_CONTEXT, parent);
      const { traceId, spanId, isSampled } = parent;
      return api.trace.setSpanContext(api.ROOT_CONTEXT, {
        traceId,
        spanId,
        traceFlags: isSampled ? api.TraceFlags.SAMPLED : api.TraceFlags.NONE,
        isRemote: true,
      });
    },
    stop: () =>
      provider.shutdown().catch((error: Error) => {
        log.warn(`The last traces were not delivered: ${error.message}`);
      }),
  };
}
