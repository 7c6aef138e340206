import { Injectable } from '@nestjs/common';
import { AdminEntity } from '../../core/back-office/admin-entity.js';
import { DISABLED_REASONS, WebhookEndpoint } from './webhook-endpoint.entity.js';

/** Endpoints as staff see them, without their secrets. */
@Injectable()
export class WebhookEndpointAdmin extends AdminEntity<WebhookEndpoint> {
  readonly entity = WebhookEndpoint;
  readonly path = 'webhook-endpoints';
  readonly group = 'operations';
  readonly icon = 'upload';
  override readonly position = 5;
  readonly title = 'url';
  readonly list = ['tenantId', 'failures', 'failingSince', 'disabledReason', 'createdAt'] as const;
  override readonly search = 'url';
  readonly orders = {
    createdAt: { type: 'time', descending: true },
    url: { type: 'text', fold: 'lower' },
  } as const;
  override readonly words = { disabledReason: DISABLED_REASONS };
  override readonly listedUnder = ['tenant'];
  override readonly hasTrail = true;
}
