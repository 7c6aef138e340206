import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../core/context/principal.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import { CurrentActor } from '../../core/http/access/current-user.js';
import { Idempotent } from '../../core/http/api/idempotency.js';
import { PageQuery, readQuery, type Query as QueryString } from '../../core/http/api/paging.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { ONBOARDED, Operation } from '../../core/http/pipeline/operation.js';
import { UUID } from '../../core/utils/uuid.js';
import { LATEST } from './webhook-deliveries.repository.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';
import {
  WebhookDeliveryDto,
  WebhookDeliveryListDto,
  WebhookDeliveryRefDto,
  webhookDeliveryDto,
  webhookDeliverySummaryDto,
} from './webhook-delivery.dto.js';
import { DELIVERY_STATES } from './webhook-delivery.entity.js';

/** API routes of the log of deliveries. */
@ApiTags('Webhooks')
@Controller('api/v1/deliveries')
@NotSensitive()
export class WebhookDeliveriesApiController {
  constructor(private readonly deliveries: WebhookDeliveriesService) {}

  /** Of the last 30 days, latest first. */
  @Get()
  @PageQuery()
  @ApiQuery({
    name: 'endpoint_id',
    required: false,
    schema: { type: 'string', format: 'uuid' },
  })
  @ApiQuery({ name: 'state', required: false, enum: DELIVERY_STATES })
  @Operation({
    id: 'listDeliveries',
    summary: 'List deliveries of webhooks',
    answers: [200, WebhookDeliveryListDto],
    refusals: [422, ...ONBOARDED],
    isTagged: true,
    scope: 'deliveries:read',
  })
  async list(@Query() query: QueryString): Promise<WebhookDeliveryListDto> {
    const asked = readQuery(query, (read) => ({
      endpointId: read.search('endpoint_id', 36),
      state: read.choice('state', DELIVERY_STATES),
      cursor: read.cursor(LATEST),
      limit: read.limit(),
    }));
    // Nobody has an endpoint with such an id.
    if (asked.endpointId && !UUID.test(asked.endpointId)) return { items: [], next_cursor: null };
    const { items, next } = await this.deliveries.listed(asked);
    return { items: items.map(webhookDeliverySummaryDto), next_cursor: next };
  }

  @Get(':id')
  @Operation({
    id: 'getDelivery',
    summary: 'A delivery of a webhook',
    answers: [200, WebhookDeliveryDto],
    refusals: [...ONBOARDED, 404],
    isTagged: true,
    scope: 'deliveries:read',
  })
  async show(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<WebhookDeliveryDto> {
    return webhookDeliveryDto(await this.deliveries.get(actor, idParam(id)));
  }

  @Post(':id/redeliver')
  @Operation({
    id: 'redeliver',
    summary: 'Send the event of a delivery once more',
    answers: [202, WebhookDeliveryRefDto],
    refusals: [...ONBOARDED, 404, 409, 429],
    scope: 'deliveries:write',
  })
  @Idempotent()
  @RateLimit('webhook_send')
  @HttpCode(202)
  async redeliver(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
  ): Promise<WebhookDeliveryRefDto> {
    return { id: await this.deliveries.redeliver(actor, idParam(id)) };
  }
}
