import { Injectable } from '@nestjs/common';
import { notificationsRole } from '../../core/database/privileged/notifications.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { NotificationRow } from '../notifications.repository.js';

/** A member whose digest is due. */
export interface DueDigest {
  memberId: string;
  email: string;
  /** ISO 639-1; null where they have chosen none. */
  language: string | null;
  /** The day of the digest in their time zone, ISO 8601. */
  day: string;
  /** What came before this moment is in it. */
  until: Date;
}

/** The hour of the day, in each member's time zone, at which the digest is closed. */
const HOUR = 7;

/** The latest such hour that has passed, as a local time. */
const LATEST_HOUR = `date_trunc('day', (now() AT TIME ZONE zone.name) - interval '${HOUR} hours') + interval '${HOUR} hours'`;

@Injectable()
export class NotificationDigestRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Organisations in which somebody waits for a digest. */
  async tenants(): Promise<string[]> {
    const rows = await this.unitOfWork.read<{ tenantId: string }>(
      {
        name: 'digest-tenants',
        text: `SELECT DISTINCT n.tenant_id AS "tenantId" FROM notification n
          WHERE n.awaits_digest ORDER BY 1`,
      },
      notificationsRole,
    );
    return rows.map(({ tenantId }) => tenantId);
  }

  /** Members of the organisation in context whose digest is due, at most once a day. */
  due(): Promise<DueDigest[]> {
    return this.unitOfWork.read<DueDigest>({
      name: 'due-digests',
      text: `SELECT p.id AS "memberId", u.email, l.code AS language, closed.at::date::text AS day,
          closed.at AT TIME ZONE zone.name AS until
        FROM user_profile p
        JOIN users u ON u.id = p.user_id AND u.email_verified_at IS NOT NULL
        LEFT JOIN language l ON l.id = p.language_id
        LEFT JOIN notification_preference s ON s.member_id = p.id AND s.tenant_id = p.tenant_id
        CROSS JOIN LATERAL (SELECT coalesce((SELECT z.name FROM timezone z WHERE z.id = p.timezone_id),
          'UTC') AS name) zone
        CROSS JOIN LATERAL (SELECT ${LATEST_HOUR} AS at) closed
        WHERE p.tenant_id = (SELECT app_tenant_id()) AND p.is_active AND p.account_open
          AND p.deleted_at IS NULL
          AND EXISTS (SELECT FROM tenant t WHERE t.id = p.tenant_id AND t.erase_at IS NULL)
          AND (s.digested_on IS NULL OR s.digested_on < closed.at::date)
          AND EXISTS (SELECT FROM notification n WHERE n.tenant_id = p.tenant_id AND n.member_id = p.id
            AND n.awaits_digest AND n.created_at < closed.at AT TIME ZONE zone.name)
        ORDER BY p.id`,
    });
  }

  /** Claims the digest of a day for the open unit of work; false when another worker has it, or sent a later one. */
  async claim({ memberId, day }: DueDigest): Promise<boolean> {
    const claimed = await this.unitOfWork.execute(
      `INSERT INTO notification_preference AS s (tenant_id, member_id, digested_on)
       VALUES (app_tenant_id(), $1, $2)
       ON CONFLICT (tenant_id, member_id) DO UPDATE SET digested_on = excluded.digested_on
         WHERE s.digested_on IS NULL OR s.digested_on < excluded.digested_on`,
      [memberId, day],
    );
    return claimed > 0;
  }

  /** Takes what waits for a digest. Returns what is still unread, oldest first. */
  take({ memberId, until }: DueDigest): Promise<NotificationRow[]> {
    return this.unitOfWork.query<NotificationRow>(
      `WITH taken AS (
         UPDATE notification SET awaits_digest = false
         WHERE tenant_id = app_tenant_id() AND member_id = $1 AND awaits_digest AND created_at < $2
         RETURNING id, kind, data, created_at, read_at)
       SELECT id, kind, data, created_at AS "createdAt", read_at AS "readAt" FROM taken
       WHERE read_at IS NULL ORDER BY created_at, id`,
      [memberId, until],
    );
  }
}
