import { Injectable } from '@nestjs/common';
import { AppConfig } from '../core/config/config.js';
import { untilNone } from '../core/database/until-none.js';
import { AuditRetentionRepository } from './audit-retention.repository.js';

export interface Forgotten {
  /** Number of entries whose address and device were cleared. */
  personalData: number;
  /** Number of deleted failed sign-ins without an account. */
  strangers: number;
}

/** Retention of personal data and of failed sign-ins without an account in the audit trail. */
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

  /** Works in batches; after an interruption the next run continues. */
  async remove(): Promise<Forgotten> {
    const { AUDIT_PERSONAL_DATA_DAYS, AUDIT_STRANGERS_DAYS } = this.config;
    return {
      strangers: await untilNone(() => this.entries.removeStrangers(AUDIT_STRANGERS_DAYS)),
      personalData: await untilNone(() => this.entries.removePersonal(AUDIT_PERSONAL_DATA_DAYS)),
    };
  }
}
