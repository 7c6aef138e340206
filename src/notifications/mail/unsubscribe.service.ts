import { Injectable } from '@nestjs/common';
import { runInContext } from '../../core/context/request-context.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { NotificationPreferencesRepository } from '../preferences/notification-preferences.repository.js';
import { UnsubscribeLinks, type Subscription } from './unsubscribe-links.js';

/** Ends mails for whoever holds the link of one (RFC 8058). */
@Injectable()
export class Unsubscribing {
  constructor(
    private readonly links: UnsubscribeLinks,
    private readonly preferences: NotificationPreferencesRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** What the link ends. Changes nothing. @throws DomainError `not_found` for a link that is not ours */
  inspect(token: string): Subscription {
    const subscription = this.links.read(token);
    if (!subscription) throw new DomainError('not_found', 'errors.not_found');
    return subscription;
  }

  /** Idempotent: what is told otherwise by now stays so. @throws DomainError `not_found` */
  async unsubscribe(token: string): Promise<Subscription> {
    const subscription = this.inspect(token);
    const { tenantId, memberId, kind } = subscription;
    const channel = kind === null ? 'digest' : 'mail';
    await runInContext({ tenantId }, () =>
      this.unitOfWork.run(() => this.preferences.unsubscribe(memberId, channel, kind)),
    );
    return subscription;
  }
}
