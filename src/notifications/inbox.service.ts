import { Injectable } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { DomainError } from '../core/errors/domain-error.js';
import {
  NotificationsRepository,
  type NotificationRow,
  type NotificationsQuery,
} from './notifications.repository.js';

/** A person's own notifications. */
@Injectable()
export class Inbox {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Latest first. @throws DomainError `malformed` for an invalid cursor */
  listed({ profileId }: Principal, query: Omit<NotificationsQuery, 'memberId'>) {
    return this.notifications.listed({ ...query, memberId: profileId });
  }

  /** Idempotent. @throws DomainError `not_found`, also for somebody else's */
  mark({ profileId }: Principal, id: string, isRead: boolean): Promise<NotificationRow> {
    return this.unitOfWork.run(async () => {
      const marked = await this.notifications.mark(profileId, id, isRead);
      if (!marked) throw new DomainError('not_found', 'errors.not_found');
      return marked;
    });
  }

  async markAllRead({ profileId }: Principal): Promise<void> {
    await this.unitOfWork.run(() => this.notifications.markAllRead(profileId));
  }
}
