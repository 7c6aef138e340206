import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import { webhooksRole } from '../../core/database/privileged/webhooks.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { Mailer } from '../../core/mail/mailer.js';
import { AdminMails } from '../../members/admin-mails.service.js';
import { Notifications } from '../../notifications/notifications.service.js';
import { hostOf } from '../endpoints/webhook-endpoint.entity.js';
import { MOST_ATTEMPTS } from './retry-schedule.js';
import { WebhookQueueRepository, type FailingEndpoint } from './webhook-queue.repository.js';

/** Hours of failures after which admins are mailed. */
const NOTICE_HOURS = [24, 48];

/** Hours of failures, with as many attempts as one delivery has, after which the endpoint is disabled. */
const DISABLED_HOURS = 72;

/** The mails, and the kind of notification that says the same. */
const KINDS = {
  'webhook-failing': 'webhook_endpoint.failing',
  'webhook-disabled': 'webhook_endpoint.disabled',
} as const;

type NoticeMail = keyof typeof KINDS;

/** Tells admins of an endpoint that fails, and disables it in the end. */
@Injectable()
export class WebhookNotices {
  constructor(
    private readonly admins: AdminMails,
    private readonly queue: WebhookQueueRepository,
    private readonly mailer: Mailer,
    private readonly notifications: Notifications,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** After a failed attempt, in its unit of work, which has locked the endpoint. */
  async consider(id: string, endpoint: FailingEndpoint, isGone: boolean): Promise<void> {
    const { failures, hours, notices } = endpoint;
    if (isGone) return this.disable(id, endpoint, 'gone');
    if (hours >= DISABLED_HOURS && failures >= MOST_ATTEMPTS) {
      return this.disable(id, endpoint, 'failing');
    }
    const due = NOTICE_HOURS.filter((each) => hours >= each).length;
    if (due <= notices) return;
    await this.unitOfWork.runAs(webhooksRole, () => this.queue.noticed(id, due));
    await this.mail('webhook-failing', id, endpoint);
  }

  private async disable(
    id: string,
    endpoint: FailingEndpoint,
    reason: 'gone' | 'failing',
  ): Promise<void> {
    await this.unitOfWork.runAs(webhooksRole, async () => {
      await this.queue.disable(id, reason);
      await this.queue.giveUp(id);
    });
    await this.mail('webhook-disabled', id, endpoint);
    const subject = { kind: 'webhook_endpoint', id, name: hostOf(endpoint.url) };
    await this.audit.record({ action: 'webhook_endpoint.disabled', subject });
  }

  private async mail(template: NoticeMail, id: string, { url, hours }: FailingEndpoint) {
    const said = { host: hostOf(url), hours: Math.floor(hours) };
    const model = {
      ...said,
      url: this.mailer.link(`/settings/webhooks/${id}/`),
    };
    await this.admins.send(template, model);
    await this.notifications.tell({ admins: true }, KINDS[template], { id, ...said });
  }
}
