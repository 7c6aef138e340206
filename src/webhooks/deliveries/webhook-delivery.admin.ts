import { Injectable } from '@nestjs/common';
import { AdminEntity } from '../../core/back-office/admin-entity.js';
import type { Row } from '../../core/back-office/row.js';
import { WithinOrganisation } from '../../core/back-office/within-organisation.js';
import type { Principal } from '../../core/context/principal.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';
import { DELIVERY_STATES, WebhookDelivery } from './webhook-delivery.entity.js';

/** Deliveries as staff see them, without what was sent and answered. */
@Injectable()
export class WebhookDeliveryAdmin extends AdminEntity<WebhookDelivery> {
  readonly entity = WebhookDelivery;
  readonly path = 'webhook-deliveries';
  readonly group = 'operations';
  readonly icon = 'inbox';
  override readonly position = 6;
  readonly title = 'type';
  readonly list = ['tenantId', 'state', 'status', 'failure', 'attempts', 'createdAt'] as const;
  readonly orders = { createdAt: { type: 'time', descending: true } } as const;
  override readonly filters = {
    state: Object.fromEntries(DELIVERY_STATES.map((word) => [word, `r.state = '${word}'`])),
  };
  override readonly words = { state: DELIVERY_STATES };
  override readonly listedUnder = ['endpoint'];

  override readonly actions = {
    redeliver: {
      icon: 'refresh',
      isBulk: true,
      isOffered: (row: Row) => row.state === 'delivered' || row.state === 'failed',
      run: (me: Principal, row: Row) =>
        this.organisations.act(me, row, () => this.deliveries.repeat(row.id)),
    },
  };

  constructor(
    private readonly deliveries: WebhookDeliveriesService,
    private readonly organisations: WithinOrganisation,
  ) {
    super();
  }
}
