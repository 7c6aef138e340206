import { Injectable, Logger } from '@nestjs/common';
import { Metrics } from './metrics.js';
import type { SecurityEvent } from './security-event.js';

/** Logs and counts security events. */
@Injectable()
export class SecurityEvents {
  private readonly log = new Logger('Security');

  constructor(private readonly metrics: Metrics) {}

  /** `details` must not name a person; actor, route and request are fields of the log line. */
  note(event: SecurityEvent, details: Record<string, string | number> = {}): void {
    this.metrics.securityEvent(event);
    this.log.warn({ event, ...details, msg: `Security event: ${event}` });
  }
}
