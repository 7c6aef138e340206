import { Injectable } from '@nestjs/common';
import { erasureRole } from '../core/database/privileged/erasure.role.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { CLOSED_DAYS } from '../tenants/closed-days.js';
import { LOCK_ORGANISATION_ALONE } from '../users/organisation-lock.js';

/** Days before the erasure at which admins are reminded, latest last. */
export const REMINDERS = [7, 1] as const;

/** Of an organisation that its admins closed. */
export interface ClosureRow {
  organization: string;
  closedAt: Date;
  /** Display name or address of whoever closed it; null where that is not known. */
  closedBy: string | null;
  eraseAt: Date;
}

/** Closing of the organisation in context. */
@Injectable()
export class ClosureRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Null when it is open. */
  async find(): Promise<ClosureRow | null> {
    const [row] = await this.unitOfWork.read<ClosureRow>({
      name: 'closure',
      text: `SELECT t.organization, t.closing_since AS "closedAt", t.erase_at AS "eraseAt",
          coalesce(p.display_name, u.email) AS "closedBy"
        FROM tenant t
        LEFT JOIN users u ON u.id = t.closing_by
        LEFT JOIN user_profile p ON p.user_id = t.closing_by
        WHERE t.id = app_tenant_id() AND t.erase_at IS NOT NULL`,
    });
    return row ?? null;
  }

  /** Locks it until the unit of work ends, once those who are joining are in. */
  lock(): Promise<void> {
    return this.unitOfWork.post(LOCK_ORGANISATION_ALONE);
  }

  /** Closes it: the moment of its erasure; null when it is closed already. A trigger cancels its invitations. */
  async close(userId: string): Promise<Date | null> {
    const [closed] = await this.unitOfWork.query<{ eraseAt: Date | null }>(
      `UPDATE tenant SET closing_since = now(), closing_by = $1, closing_notice = ${CLOSED_DAYS},
         erase_at = now() + interval '${CLOSED_DAYS * 24} hours'
       WHERE id = app_tenant_id() AND erase_at IS NULL RETURNING erase_at AS "eraseAt"`,
      [userId],
    );
    return closed?.eraseAt ?? null;
  }

  /** Reopens it: its name; null when it is open, or when its erasure has begun. */
  async reopen(): Promise<string | null> {
    const [reopened] = await this.unitOfWork.query<{ organization: string }>(
      `UPDATE tenant SET closing_since = NULL, closing_by = NULL, closing_notice = NULL, erase_at = NULL
       WHERE id = app_tenant_id() AND erase_at IS NOT NULL AND erasing_since IS NULL
       RETURNING organization`,
    );
    return reopened?.organization ?? null;
  }

  /** Whether the organisation in context is there and open. */
  async isOpen(): Promise<boolean> {
    const rows = await this.unitOfWork.read<{ isOpen: boolean }>({
      name: 'tenant-is-open',
      text: `SELECT true AS "isOpen" FROM tenant WHERE id = app_tenant_id() AND erase_at IS NULL`,
    });
    return rows.length > 0;
  }

  /** Organisations whose admins are to be reminded, whoever's they are. */
  async toRemind(): Promise<string[]> {
    const rows = await this.unitOfWork.read<{ id: string }>(
      {
        name: 'closures-to-remind',
        text: `SELECT id FROM tenant WHERE erase_at IS NOT NULL AND erasing_since IS NULL AND EXISTS (
            SELECT FROM unnest($1::integer[]) AS days
            WHERE closing_notice > days AND erase_at <= now() + make_interval(hours => days * 24))
          ORDER BY erase_at, id`,
        values: [REMINDERS],
      },
      erasureRole,
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Claims the reminder that is due for the open unit of work, as the role of erasure, which alone may postpone: the days
   * that are left, rounded up, and the moment of erasure; null when none is due. Nothing is erased less than a day
   * after its last reminder, however late that was.
   */
  async claimReminder(): Promise<{ days: number; eraseAt: Date } | null> {
    for (const days of [...REMINDERS].reverse()) {
      const [row] = await this.unitOfWork.runAs(erasureRole, () =>
        this.unitOfWork.query<{ days: number; eraseAt: Date }>(
          `UPDATE tenant SET closing_notice = $1::integer,
             erase_at = greatest(erase_at, now() + make_interval(hours => $2))
           WHERE id = app_tenant_id() AND erase_at IS NOT NULL AND erasing_since IS NULL
             AND closing_notice > $1::integer AND erase_at <= now() + make_interval(hours => $1::integer * 24)
           RETURNING ceil(extract(epoch FROM (erase_at - now())) / 86400)::int AS days,
             erase_at AS "eraseAt"`,
          [days, days === 1 ? 24 : 0],
        ),
      );
      if (row) return row;
    }
    return null;
  }
}
