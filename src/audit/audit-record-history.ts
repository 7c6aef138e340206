import { Injectable } from '@nestjs/common';
import { RecordHistory } from '../core/back-office/ports/record-history.js';
import { Activity } from './activity.service.js';
import type { PresentedEntry } from './audit-entry.presenter.js';

/** The audit trail of one record, for its page in the back office. */
@Injectable()
export class AuditRecordHistory extends RecordHistory {
  constructor(private readonly activity: Activity) {
    super();
  }

  of(recordId: string, limit: number): Promise<PresentedEntry[]> {
    return this.activity.ofAnybodys(recordId, limit);
  }
}
