import { Injectable } from '@nestjs/common';
import { isApiKey, type Actor } from '../../core/context/principal.js';
import { webhooksRole } from '../../core/database/privileged/webhooks.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { requirePermission } from '../../core/http/access/require-permission.js';
import { orderedUuid } from '../../core/utils/ordered-uuid.js';
import type { WebhookEndpoint } from '../endpoints/webhook-endpoint.entity.js';
import { WebhookEndpointsRepository } from '../endpoints/webhook-endpoints.repository.js';
import { PING, mayRead } from '../events/event-catalogue.js';
import { WebhookEventsRepository } from '../events/webhook-events.repository.js';
import { payloadOf } from '../events/webhook-payload.js';
import {
  WebhookDeliveriesRepository,
  type DeliveriesQuery,
  type WebhookDeliveryDetails,
} from './webhook-deliveries.repository.js';
import { WebhookDispatcher } from './webhook-dispatcher.js';
import { WebhookQueueRepository } from './webhook-queue.repository.js';

/** The log of deliveries, and what people ask to be sent: a test, or something once more. */
@Injectable()
export class WebhookDeliveriesService {
  constructor(
    private readonly deliveries: WebhookDeliveriesRepository,
    private readonly endpoints: WebhookEndpointsRepository,
    private readonly events: WebhookEventsRepository,
    private readonly queue: WebhookQueueRepository,
    private readonly dispatcher: WebhookDispatcher,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  listed(query: DeliveriesQuery) {
    return this.deliveries.listed(query);
  }

  /** As this actor may read it. @throws DomainError `not_found` */
  async get(actor: Actor, id: string): Promise<WebhookDeliveryDetails> {
    const found = await this.find(id);
    return mayRead(actor, found.type) ? found : { ...found, request: null };
  }

  /** In the unit of work that closes the organisation in context: gives up what was not delivered yet. */
  giveUpAll(): Promise<void> {
    return this.unitOfWork.runAs(webhooksRole, () => this.queue.giveUpAll());
  }

  /** Sends a test. Returns the delivery's id. @throws DomainError `not_found`; `conflict`: disabled */
  ping(actor: Actor, endpointId: string): Promise<string> {
    requirePermission(actor, 'webhook_endpoints:write');
    return this.unitOfWork.run(async () => {
      const endpoint = await this.enabled(endpointId);
      const by = isApiKey(actor)
        ? ({ actorKind: 'key', actorId: actor.keyId } as const)
        : ({ actorKind: 'person', actorId: actor.userId } as const);
      const { tenantId } = endpoint;
      const subject = { subjectKind: 'webhook_endpoint', subjectId: endpointId, subjectName: null };
      const deed = { action: PING, tenantId, ...by, ...subject, changes: null };
      const body = JSON.stringify(payloadOf(deed, new Date()));
      const event = { id: orderedUuid(), tenantId, type: PING, body };
      const id = await this.events.addFor(endpointId, event);
      this.wakeAfterCommit();
      return id;
    });
  }

  /** Sends an event once more. Returns the new delivery's id. @throws DomainError `not_found`; `conflict`: disabled */
  redeliver(actor: Actor, id: string): Promise<string> {
    requirePermission(actor, 'deliveries:write');
    return this.repeat(id);
  }

  /** For staff, whose rights the back office checks, in the organisation of the unit of work. */
  repeat(id: string): Promise<string> {
    return this.unitOfWork.run(async () => {
      const { endpointId } = await this.find(id);
      const repeated = await this.deliveries.repeat(id);
      if (!repeated) {
        await this.enabled(endpointId);
        throw new DomainError('not_found', 'errors.not_found');
      }
      this.wakeAfterCommit();
      return repeated;
    });
  }

  /** Returns how many events are sent once more. @throws DomainError `not_found`; `conflict`: disabled */
  redeliverSince(
    actor: Actor,
    endpointId: string,
    since: Date,
    onlyFailed: boolean,
  ): Promise<number> {
    requirePermission(actor, 'deliveries:write');
    return this.unitOfWork.run(async () => {
      await this.enabled(endpointId);
      const count = await this.deliveries.repeatSince(endpointId, since, onlyFailed);
      this.wakeAfterCommit();
      return count;
    });
  }

  /** Gives up what waits for an endpoint, in the open unit of work. */
  async giveUp(endpointId: string): Promise<void> {
    await this.unitOfWork.runAs(webhooksRole, () => this.queue.giveUp(endpointId));
  }

  private async find(id: string): Promise<WebhookDeliveryDetails> {
    const found = await this.deliveries.find(id);
    if (!found) throw new DomainError('not_found', 'errors.not_found');
    return found;
  }

  private async enabled(endpointId: string): Promise<WebhookEndpoint> {
    const endpoint = await this.endpoints.get(endpointId);
    if (endpoint.disabledAt) throw new DomainError('conflict', 'webhooks.errors.disabled');
    return endpoint;
  }

  private wakeAfterCommit(): void {
    this.unitOfWork.afterCommit(() => this.dispatcher.wake());
  }
}
