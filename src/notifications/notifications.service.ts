import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import type { NotificationData, NotificationKind } from '../core/features/names.js';
import { NotificationMails } from './mail/notification-mails.service.js';
import { NotificationsRepository, type Recipients } from './notifications.repository.js';

/**
 * Tells members of the organisation in context what happened, as they have chosen to be told. Members without access
 * are told nothing.
 */
@Injectable()
export class Notifications {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly mails: NotificationMails,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * In the unit of work of the cause, with which notification and mails are committed. `recipients`: ids of users, or
   * `{ admins: true, except: userId }`.
   */
  async tell<K extends NotificationKind>(
    recipients: readonly string[] | Recipients,
    kind: K,
    data: NotificationData<K>,
  ): Promise<void> {
    const { isOpen, tenantId } = this.unitOfWork;
    if (!isOpen || !tenantId)
      throw new Error('A notification is told in the unit of work of its cause');
    const to = isList(recipients) ? { people: recipients } : recipients;
    await this.unitOfWork.run(async () => {
      const mailed = await this.notifications.tell(kind, data, to);
      await this.mails.send(tenantId, mailed, { kind, data: { ...data } });
    });
  }
}

function isList(recipients: readonly string[] | Recipients): recipients is readonly string[] {
  return Array.isArray(recipients);
}
