import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditTrail, type RecordedDeed } from '../../audit/audit-trail.service.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { orderedUuid } from '../../core/utils/ordered-uuid.js';
import { WebhookDispatcher } from '../deliveries/webhook-dispatcher.js';
import { isEventType } from './event-catalogue.js';
import { WebhookEventsRepository } from './webhook-events.repository.js';
import { payloadOf } from './webhook-payload.js';

/**
 * Makes an event of each shared action, in the unit of work of its change: it exists exactly when the change was
 * committed.
 */
@Injectable()
export class WebhookEvents implements OnModuleInit {
  constructor(
    private readonly trail: AuditTrail,
    private readonly events: WebhookEventsRepository,
    private readonly dispatcher: WebhookDispatcher,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.trail.heardBy((deed) => this.add(deed));
  }

  private async add(deed: RecordedDeed): Promise<void> {
    const { tenantId, action: type } = deed;
    if (!tenantId || !isEventType(type)) return;
    const body = JSON.stringify(payloadOf({ ...deed, tenantId }, new Date()));
    let deliveries = 0;
    const event = { id: orderedUuid(), tenantId, type, body };
    await this.events.addForChoosers(event, (added) => (deliveries = added));
    this.unitOfWork.afterCommit(() => {
      if (deliveries > 0) this.dispatcher.wake();
    });
  }
}
