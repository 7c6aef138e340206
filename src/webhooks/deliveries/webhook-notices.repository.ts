import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';

export interface NoticeReader {
  email: string;
  /** ISO 639-1, as chosen in the profile. */
  language: string | null;
}

@Injectable()
export class WebhookNoticesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Active admins of the organisation in context. */
  admins(): Promise<NoticeReader[]> {
    return this.unitOfWork.read<NoticeReader>({
      name: 'webhook-notice-readers',
      text: `SELECT u.email, l.code AS language FROM user_profile p JOIN users u ON u.id = p.user_id
          LEFT JOIN language l ON l.id = p.language_id
        WHERE p.tenant_id = (SELECT app_tenant_id()) AND p.role = 'admin' AND p.is_active
          AND p.account_open AND p.deleted_at IS NULL
        ORDER BY p.id`,
    });
  }
}
