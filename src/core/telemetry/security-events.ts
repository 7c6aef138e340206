import { Injectable, Logger } from '@nestjs/common';
import { Metrics } from './metrics.js';
import type { SecurityEvent } from './security-event.js';

/** Writes and counts them. */
@Injectable()
export class SecurityEvents {
  private readonly log = new Logger('Security');

  constructor(private readonly metrics: Metrics) {}

  /** `details` name no person: who acts, where and in which request is said by the fields of the line. */
  note(event: SecurityEvent, details: Record<string, string | number> = {}): void {
    this.metrics.securityEvent(event);
    this.log.warn({ event, ...details, msg: `Security event: ${event}` });
  }
}
