import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { AppConfig } from '../config/config.js';
import { SECURITY_EVENTS, type SecurityEvent } from './security-event.js';

/** The current values of a gauge, by labels. */
export type Reading = Array<{ labels: Record<string, string>; value: number }>;

/**
 * Prometheus metrics of this process, named by its conventions: base units, `_total` for counters. Label
 * values come from the code, never from clients, which bounds their number.
 */
@Injectable()
export class Metrics {
  /** Whether metrics are exposed; otherwise nothing is counted. */
  readonly isOpen: boolean;
  private readonly registry = new Registry();

  private readonly requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [this.registry],
  });
  private readonly inFlight = new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests that are being answered.',
    registers: [this.registry],
  });
  private readonly jobs = new Histogram({
    name: 'atrium_job_duration_seconds',
    help: 'Time one try of a job took, by how it ended (done, failed).',
    labelNames: ['queue', 'outcome'],
    buckets: [0.01, 0.05, 0.25, 1, 5, 30, 120],
    registers: [this.registry],
  });
  private readonly mails = new Counter({
    name: 'atrium_mails_total',
    help: 'Mails handed over: sent, kept (no SMTP_URL) or failed (tried again later).',
    labelNames: ['outcome'],
    registers: [this.registry],
  });

  private readonly securityEvents = new Counter({
    name: 'atrium_security_events_total',
    help: 'Refusals worth an alert when there are many; each is a line of the log with `event`.',
    labelNames: ['event'],
    registers: [this.registry],
  });

  constructor(config: AppConfig) {
    const isGuarded = Boolean(config.METRICS_TOKEN) || config.METRICS_PORT !== undefined;
    this.isOpen = isGuarded || config.NODE_ENV === 'development';
    if (!this.isOpen) return;
    collectDefaultMetrics({ register: this.registry });
    for (const outcome of ['sent', 'kept', 'failed']) this.mails.inc({ outcome }, 0);
    for (const event of SECURITY_EVENTS) this.securityEvents.inc({ event }, 0);
  }

  /** Starts measuring a request; call the returned function at its end. */
  request(): (labels: { method: string; route: string; status: string }) => void {
    const began = performance.now();
    this.inFlight.inc();
    return (labels) => {
      this.inFlight.dec();
      this.requests.observe(labels, (performance.now() - began) / 1000);
    };
  }

  job(queue: string, outcome: 'done' | 'failed', seconds: number): void {
    if (this.isOpen) this.jobs.observe({ queue, outcome }, seconds);
  }

  mail(outcome: 'sent' | 'kept' | 'failed'): void {
    if (this.isOpen) this.mails.inc({ outcome });
  }

  securityEvent(event: SecurityEvent): void {
    if (this.isOpen) this.securityEvents.inc({ event });
  }

  /** A counter of a feature: the function that comes back adds one. */
  counter<Labels extends Record<string, string>>(
    name: string,
    help: string,
    labelNames: Array<keyof Labels & string>,
  ): (labels: Labels) => void {
    if (!this.isOpen) return () => undefined;
    const counter = new Counter({ name, help, labelNames, registers: [this.registry] });
    return (labels) => counter.inc(labels);
  }

  /** Registers a gauge that is read on request; without a value when reading fails. */
  watch(name: string, help: string, labelNames: string[], read: () => Reading | Promise<Reading>) {
    if (!this.isOpen) return;
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect: async () => {
        gauge.reset();
        const reading = await Promise.resolve(read()).catch(() => []);
        for (const { labels, value } of reading) gauge.set(labels, value);
      },
    });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** All metrics in the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
