import { Injectable } from '@nestjs/common';
import { TenantScopedRepository } from '../../core/database/tenant-scoped.repository.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { Channel } from './channels.js';
import { NotificationPreference } from './notification-preference.entity.js';

@Injectable()
export class NotificationPreferencesRepository extends TenantScopedRepository<NotificationPreference> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, NotificationPreference);
  }

  /** What the member has chosen, by kind. */
  async of(memberId: string): Promise<Readonly<Record<string, Channel>>> {
    const [row] = await this.read<{ channels: Readonly<Record<string, Channel>> }>({
      name: 'notification-preferences',
      text: `SELECT s.channels FROM notification_preference s
        WHERE s.tenant_id = app_tenant_id() AND s.member_id = $1`,
      values: [memberId],
    });
    return row?.channels ?? {};
  }

  /** Saves these choices beside those of other kinds. */
  async choose(memberId: string, channels: Readonly<Record<string, Channel>>): Promise<void> {
    await this.unitOfWork.execute(
      `INSERT INTO notification_preference AS s (tenant_id, member_id, channels)
       VALUES (app_tenant_id(), $1, $2)
       ON CONFLICT (tenant_id, member_id) DO UPDATE SET channels = s.channels || excluded.channels`,
      [memberId, JSON.stringify(channels)],
    );
    await this.leaveDigest(memberId);
  }

  /** From now on in the app only, where they are told by this `channel`: one kind, or all (null). */
  async unsubscribe(memberId: string, channel: 'mail' | 'digest', kind: string | null) {
    await this.unitOfWork.execute(
      `UPDATE notification_preference SET channels = (
         SELECT jsonb_object_agg(c.key, CASE WHEN c.value = $2 AND ($3::text IS NULL OR c.key = $3)
           THEN 'app' ELSE c.value END)
         FROM jsonb_each_text(channels) c)
       WHERE tenant_id = app_tenant_id() AND member_id = $1 AND channels <> '{}'`,
      [memberId, channel, kind],
    );
    await this.leaveDigest(memberId);
  }

  /** What waits for the digest does so no longer, of kinds that are told otherwise by now. */
  private async leaveDigest(memberId: string): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE notification n SET awaits_digest = false FROM notification_preference s
       WHERE n.tenant_id = app_tenant_id() AND n.member_id = $1 AND n.awaits_digest
         AND s.tenant_id = n.tenant_id AND s.member_id = n.member_id
         AND s.channels ->> n.kind IS DISTINCT FROM 'digest'`,
      [memberId],
    );
  }
}
