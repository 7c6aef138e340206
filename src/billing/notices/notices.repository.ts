import { Injectable } from '@nestjs/common';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';

export const NOTICE_KINDS = ['trial_ends', 'payment_failed', 'read_only'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** What a notice is about. The database keeps each once. */
export interface NoticeOccasion {
  kind: NoticeKind;
  /** The provider's id of the invoice or subscription. */
  subject: string;
  /** How often the payment was tried; 0 where none was. */
  attempt: number;
}

export interface DueInvoice {
  externalId: string;
  attempts: number;
}

@Injectable()
export class NoticesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Organisations, in the order of their ids, that may have to be told something: those after an id. */
  async candidates(after: string | null, limit: number): Promise<string[]> {
    const rows = await this.unitOfWork.read<{ id: string }>(
      {
        name: 'billing-notice-candidates',
        text: `SELECT id FROM tenant
          WHERE erase_at IS NULL AND access_state IN ('grace', 'read_only', 'trial') AND ($1::uuid IS NULL OR id > $1)
            AND (access_state <> 'trial' OR access_until <= now() + interval '3 days')
          ORDER BY id LIMIT $2`,
        values: [after, limit],
      },
      billingRole,
    );
    return rows.map(({ id }) => id);
  }

  /** The latest invoice of the organisation in context that could not be collected; null where there is none. */
  async dueInvoice(): Promise<DueInvoice | null> {
    const [row] = await this.unitOfWork.read<DueInvoice>({
      name: 'due-invoice',
      text: `SELECT external_id AS "externalId", attempts FROM invoice
        WHERE tenant_id = app_tenant_id() AND status = 'open' AND attempts > 0
        ORDER BY issued_at DESC, id LIMIT 1`,
    });
    return row ?? null;
  }

  /** As the role billing, in a unit of work. False when it was sent before. */
  async add({ kind, subject, attempt }: NoticeOccasion): Promise<boolean> {
    const added = await this.unitOfWork.execute(
      `INSERT INTO billing_notice (tenant_id, kind, subject, attempt)
       VALUES (app_tenant_id(), $1, $2, $3) ON CONFLICT DO NOTHING`,
      [kind, subject, attempt],
    );
    return added > 0;
  }
}
