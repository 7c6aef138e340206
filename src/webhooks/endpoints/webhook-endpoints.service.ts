import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail, differences } from '../../audit/audit-trail.service.js';
import type { AuditChanges } from '../../audit/audit-entry.entity.js';
import type { Actor } from '../../core/context/principal.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { SeenVersions } from '../../core/database/version.js';
import { DomainError } from '../../core/errors/domain-error.js';
import type { AuditAction } from '../../core/features/names.js';
import { requirePermission } from '../../core/http/access/require-permission.js';
import { OutboundHttp } from '../../core/outbound/outbound-http.js';
import { WebhookDeliveriesService } from '../deliveries/webhook-deliveries.service.js';
import { mayChoose } from '../events/event-catalogue.js';
import { WebhookEndpoint, hostOf, type WebhookEndpointDetails } from './webhook-endpoint.entity.js';
import {
  WebhookEndpointsRepository,
  type WebhookEndpointRow,
} from './webhook-endpoints.repository.js';
import { WebhookSecrets } from './webhook-secrets.js';

/** Maximum number of endpoints per organisation. */
export const ENDPOINTS_AT_MOST = 16;

/** Use cases of webhook endpoints. Those of other organisations are "not found". */
@Injectable()
export class WebhookEndpointsService {
  constructor(
    private readonly endpoints: WebhookEndpointsRepository,
    private readonly deliveries: WebhookDeliveriesService,
    private readonly secrets: WebhookSecrets,
    private readonly outbound: OutboundHttp,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  listed(): Promise<WebhookEndpointRow[]> {
    return this.endpoints.listed();
  }

  /** @throws DomainError `not_found` */
  get(id: string): Promise<WebhookEndpoint> {
    return this.unitOfWork.run(() => this.endpoints.get(id));
  }

  /**
   * Creates an endpoint and returns its secret, which is shown this once.
   * @throws DomainError `invalid`: an address nothing can be sent to, or an event the actor may not choose;
   *   `conflict`: the address is taken, or there are 16 endpoints
   */
  async create(actor: Actor, details: WebhookEndpointDetails) {
    requirePermission(actor, 'webhook_endpoints:write');
    this.requireChoosable(actor, details.events);
    await this.requireReachable(details.url);
    const id = randomUUID();
    const { secret, sealed } = this.secrets.make(id);
    const endpoint = WebhookEndpoint.of(id, details, sealed);
    await this.unitOfWork.run(async () => {
      if ((await this.endpoints.lockAndCount()) >= ENDPOINTS_AT_MOST) {
        const args = { max: ENDPOINTS_AT_MOST };
        throw new DomainError('conflict', 'webhooks.errors.too_many', { args });
      }
      await this.endpoints.add(endpoint);
      await this.record('created', endpoint, differences(null, recorded(details)));
    });
    return { endpoint, secret };
  }

  /**
   * Changes the given properties. @throws DomainError `not_found`, `stale`, and as `create`
   */
  async change(
    actor: Actor,
    id: string,
    changes: Partial<WebhookEndpointDetails> & { isEnabled?: boolean },
    seen?: SeenVersions,
  ): Promise<WebhookEndpoint> {
    requirePermission(actor, 'webhook_endpoints:write');
    const { isEnabled, ...details } = changes;
    if (details.url !== undefined) await this.requireReachable(details.url);
    return this.unitOfWork.run(async () => {
      const endpoint = await this.endpoints.lock(id);
      endpoint.requireSeen(seen);
      const before = endpoint.details;
      Object.assign(endpoint, details);
      this.requireChoosable(actor, newlySent(before, endpoint.details));
      await this.switchTo(endpoint, isEnabled);
      await this.endpoints.save(endpoint);
      const changed = differences(recorded(before), recorded(endpoint.details));
      if (changed) await this.record('changed', endpoint, changed);
      return endpoint;
    });
  }

  /** Nothing is sent any more; what waits is given up. @throws DomainError `not_found` */
  disable(actor: Actor, id: string): Promise<WebhookEndpoint> {
    return this.change(actor, id, { isEnabled: false });
  }

  /** Events from now on are sent again. @throws DomainError `not_found` */
  enable(actor: Actor, id: string): Promise<WebhookEndpoint> {
    return this.change(actor, id, { isEnabled: true });
  }

  /** Returns a new secret, shown this once; for 24 hours the one before signs too. @throws DomainError `not_found` */
  async rotate(actor: Actor, id: string, seen?: SeenVersions) {
    requirePermission(actor, 'webhook_endpoints:write');
    return this.unitOfWork.run(async () => {
      const locked = await this.endpoints.lock(id);
      locked.requireSeen(seen);
      const { secret, sealed } = this.secrets.make(id);
      await this.endpoints.rotate(id, sealed);
      const endpoint = await this.endpoints.get(id);
      await this.record('rotated', locked, null);
      return { endpoint, secret };
    });
  }

  /** Soft deletion; what waits is given up. @throws DomainError `not_found`, `stale` */
  async delete(actor: Actor, id: string, seen?: SeenVersions): Promise<WebhookEndpoint> {
    requirePermission(actor, 'webhook_endpoints:write');
    return this.unitOfWork.run(async () => {
      (await this.endpoints.lock(id)).requireSeen(seen);
      const endpoint = await this.endpoints.softDelete(id);
      await this.deliveries.giveUp(id);
      await this.record('deleted', endpoint, null);
      return endpoint;
    });
  }

  private async switchTo(endpoint: WebhookEndpoint, isEnabled: boolean | undefined): Promise<void> {
    if (isEnabled === undefined || isEnabled === (endpoint.disabledAt === null)) return;
    if (isEnabled) endpoint.enable();
    else endpoint.disable('person', new Date());
    // Also of an endpoint that is enabled: what was added while it was being disabled.
    await this.deliveries.giveUp(endpoint.id);
    await this.record(isEnabled ? 'enabled' : 'disabled', endpoint, null);
  }

  private requireChoosable(actor: Actor, types: readonly string[]): void {
    if (types.every((type) => mayChoose(actor, type))) return;
    throw new DomainError('invalid', 'webhooks.errors.event_not_yours', { field: 'events' });
  }

  private async requireReachable(url: string): Promise<void> {
    const reason = await this.outbound.refusalOf(url);
    if (reason) throw new DomainError('invalid', `errors.outbound.${reason}`, { field: 'url' });
  }

  private record(what: Deed, { id, url }: WebhookEndpoint, changes: AuditChanges | null) {
    const action = `webhook_endpoint.${what}` satisfies AuditAction;
    const subject = { kind: 'webhook_endpoint', id, name: hostOf(url) };
    return this.audit.record({ action, subject, changes });
  }
}

type Deed = 'created' | 'changed' | 'rotated' | 'enabled' | 'disabled' | 'deleted';

/** The events that an address is sent by a change: another address is sent all of them. */
function newlySent(before: WebhookEndpointDetails, after: WebhookEndpointDetails): string[] {
  const isElsewhere = after.url !== before.url;
  return after.events.filter((type) => isElsewhere || !before.events.includes(type));
}

function recorded({ url, events, description }: WebhookEndpointDetails) {
  return {
    webhookHost: hostOf(url),
    webhookEvents: events.join(', '),
    webhookDescription: description,
  };
}
