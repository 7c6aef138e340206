import { Injectable } from '@nestjs/common';
import {
  keysetSql,
  listPage,
  readCursor,
  type Keyed,
  type ListOrder,
  type ListPage,
} from '../core/database/keyset.js';
import { TenantScopedRepository } from '../core/database/tenant-scoped.repository.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { Notification } from './notification.entity.js';
import { DEFAULT_CHANNEL } from './preferences/channels.js';

/** A notification as listed. */
export interface NotificationRow {
  id: string;
  kind: string;
  data: Readonly<Record<string, unknown>>;
  createdAt: Date;
  readAt: Date | null;
}

export interface NotificationsQuery {
  memberId: string;
  onlyUnread: boolean;
  cursor: string | null;
  limit: number;
}

/** Who is told, besides the condition that they have access. */
export interface Recipients {
  /** Ids of users; those who are no members of the organisation are left out. */
  people?: readonly string[];
  /** All admins. */
  admins?: boolean;
  /** Who is not told: the one who did it. */
  except?: string | null;
}

/** Who is to be mailed at once. */
export interface Mailed {
  memberId: string;
  email: string;
  /** ISO 639-1; null where they have chosen none. */
  language: string | null;
}

export const LATEST: ListOrder = {
  name: 'latest',
  key: 'n.created_at',
  type: 'time',
  id: 'n.id',
  descending: true,
};

@Injectable()
export class NotificationsRepository extends TenantScopedRepository<Notification> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, Notification);
  }

  /**
   * In the open unit of work: tells everybody who has access and has not switched the kind off, in one statement.
   * Returns who is to be mailed at once; mail goes to verified addresses only.
   */
  tell(kind: string, data: object, { people = [], admins = false, except = null }: Recipients) {
    return this.unitOfWork.query<Mailed>(
      `WITH recipient AS MATERIALIZED (
         SELECT p.id, p.user_id, p.language_id, p.tenant_id,
           coalesce(s.channels ->> $1, '${DEFAULT_CHANNEL}') AS channel
         FROM user_profile p LEFT JOIN notification_preference s
           ON s.member_id = p.id AND s.tenant_id = p.tenant_id
         WHERE p.tenant_id = app_tenant_id() AND p.is_active AND p.account_open
           AND p.deleted_at IS NULL AND p.user_id IS DISTINCT FROM $5
           AND (p.user_id = ANY ($3::uuid[]) OR $4 AND p.role = 'admin')
           AND EXISTS (SELECT FROM tenant t WHERE t.id = p.tenant_id AND t.erase_at IS NULL)),
       told AS (
         INSERT INTO notification (tenant_id, member_id, kind, data, awaits_digest)
         SELECT tenant_id, id, $1, $2, channel = 'digest' FROM recipient WHERE channel <> 'off'
         ORDER BY id)
       SELECT r.id AS "memberId", u.email, l.code AS language
       FROM recipient r JOIN users u ON u.id = r.user_id AND u.email_verified_at IS NOT NULL
       LEFT JOIN language l ON l.id = r.language_id
       WHERE r.channel = 'mail' ORDER BY r.id`,
      [kind, JSON.stringify(data), people, admins, except],
    );
  }

  /** Latest first. @throws DomainError `malformed` for an invalid cursor */
  async listed({ memberId, onlyUnread, cursor, limit }: NotificationsQuery) {
    const position = readCursor(LATEST, cursor);
    const { key, from, orderBy, values } = keysetSql(LATEST, position, 3);
    const rows = await this.read<NotificationRow & Keyed>({
      name: `notifications-${onlyUnread ? 'unread' : 'all'}-${position?.direction ?? 'first'}`,
      text: `SELECT n.id, n.kind, n.data, n.created_at AS "createdAt", n.read_at AS "readAt", ${key} AS key
        FROM notification n
        WHERE n.tenant_id = (SELECT app_tenant_id()) AND n.member_id = $1
          ${onlyUnread ? 'AND n.read_at IS NULL' : ''} AND ${from}
        ORDER BY ${orderBy} LIMIT $2`,
      values: [memberId, limit + 1, ...values],
    });
    return listPage(rows, LATEST, position, limit) satisfies ListPage<NotificationRow>;
  }

  /** The latest unread one; null where there is none. */
  async latestUnread(memberId: string): Promise<NotificationRow | null> {
    const [row] = await this.read<NotificationRow>({
      name: 'latest-notification',
      text: `SELECT n.id, n.kind, n.data, n.created_at AS "createdAt", n.read_at AS "readAt"
        FROM notification n
        WHERE n.tenant_id = app_tenant_id() AND n.member_id = $1 AND n.read_at IS NULL
        ORDER BY n.created_at DESC, n.id DESC LIMIT 1`,
      values: [memberId],
    });
    return row ?? null;
  }

  /** Marks one of this member as read or unread; null where there is none. The first time of reading stays. */
  async mark(memberId: string, id: string, isRead: boolean): Promise<NotificationRow | null> {
    const [row] = await this.unitOfWork.query<NotificationRow>(
      `UPDATE notification SET read_at = CASE WHEN $3 THEN coalesce(read_at, now()) END
       WHERE tenant_id = app_tenant_id() AND member_id = $1 AND id = $2
       RETURNING id, kind, data, created_at AS "createdAt", read_at AS "readAt"`,
      [memberId, id, isRead],
    );
    return row ?? null;
  }

  /** Marks all of this member as read. Returns how many were not. */
  markAllRead(memberId: string): Promise<number> {
    return this.unitOfWork.execute(
      `UPDATE notification SET read_at = now()
       WHERE tenant_id = app_tenant_id() AND member_id = $1 AND read_at IS NULL`,
      [memberId],
    );
  }
}
