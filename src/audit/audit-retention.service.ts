import { Injectable } from '@nestjs/common';
import { AppConfig } from '../core/config/config.js';
import { untilNone } from '../core/database/until-none.js';
import { AuditRetentionRepository } from './audit-retention.repository.js';

export interface Forgotten {
  /** Entries that lost address and device. */
  personalData: number;
  /** Sign-ins that failed without an account. */
  strangers: number;
}

/** How long the audit trail keeps what is personal, and what strangers can make it write. */
@Injectable()
export class AuditRetention {
  constructor(
    private readonly entries: AuditRetentionRepository,
    private readonly config: AppConfig,
  ) {}

  async count(): Promise<Forgotten> {
    const { AUDIT_PERSONAL_DATA_DAYS, AUDIT_STRANGERS_DAYS } = this.config;
    return {
      personalData: await this.entries.countPersonal(AUDIT_PERSONAL_DATA_DAYS),
      strangers: await this.entries.countStrangers(AUDIT_STRANGERS_DAYS),
    };
  }

  /** In batches: cut off, it goes on where it was the next time. */
  async remove(): Promise<Forgotten> {
    const { AUDIT_PERSONAL_DATA_DAYS, AUDIT_STRANGERS_DAYS } = this.config;
    return {
      strangers: await untilNone(() => this.entries.removeStrangers(AUDIT_STRANGERS_DAYS)),
      personalData: await untilNone(() => this.entries.removePersonal(AUDIT_PERSONAL_DATA_DAYS)),
    };
  }
}
