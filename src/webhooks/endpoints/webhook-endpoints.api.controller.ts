import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Actor } from '../../core/context/principal.js';
import { CurrentActor } from '../../core/http/access/current-user.js';
import { NotSensitive, StepUp } from '../../core/http/access/step-up.js';
import { Idempotent } from '../../core/http/api/idempotency.js';
import { located } from '../../core/http/api/located.js';
import { ifMatch, versioned, type Versioned } from '../../core/http/pipeline/etag.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { jsonBody, jsonPatch } from '../../core/http/pipeline/json-body.js';
import { BODY, CHANGE, ONBOARDED, Operation } from '../../core/http/pipeline/operation.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { WebhookDeliveryRefDto, RedeliveredDto } from '../deliveries/webhook-delivery.dto.js';
import { RedeliverForm, sinceOf } from '../deliveries/redeliver.forms.js';
import { WebhookDeliveriesService } from '../deliveries/webhook-deliveries.service.js';
import {
  WebhookEndpointDto,
  WebhookEndpointListDto,
  WebhookEndpointPatchDto,
  WebhookEndpointSecretDto,
  webhookEndpointDto,
} from './webhook-endpoint.dto.js';
import { WebhookEndpointForm, WebhookEndpointPatch, detailsOf } from './webhook-endpoint.forms.js';
import { WebhookEndpointsService } from './webhook-endpoints.service.js';

/** API routes of webhook endpoints. */
@ApiTags('Webhooks')
@Controller('api/v1/webhook-endpoints')
@NotSensitive()
export class WebhookEndpointsApiController {
  constructor(
    private readonly endpoints: WebhookEndpointsService,
    private readonly deliveries: WebhookDeliveriesService,
  ) {}

  /** All of them: an organisation has 16 at most. */
  @Get()
  @Operation({
    id: 'listWebhookEndpoints',
    summary: 'List webhook endpoints',
    answers: [200, WebhookEndpointListDto],
    refusals: [...ONBOARDED],
    scope: 'webhook_endpoints:read',
    isTagged: true,
  })
  async list(): Promise<WebhookEndpointListDto> {
    return { items: (await this.endpoints.listed()).map(webhookEndpointDto) };
  }

  @Post()
  @StepUp()
  @Operation({
    id: 'createWebhookEndpoint',
    summary: 'Create a webhook endpoint; its secret is answered this once',
    answers: [201, WebhookEndpointSecretDto],
    isLocated: true,
    refusals: [...BODY, ...ONBOARDED, 409],
    scope: 'webhook_endpoints:write',
  })
  @Idempotent()
  async create(
    @CurrentActor() actor: Actor,
    @Body(jsonBody(WebhookEndpointForm)) body: WebhookEndpointForm,
    @Res({ passthrough: true }) res: Response,
  ): Promise<WebhookEndpointSecretDto> {
    const { endpoint, secret } = await this.endpoints.create(actor, detailsOf(body));
    const shown = Object.assign(webhookEndpointDto(endpoint), { secret });
    return located(res, '/api/v1/webhook-endpoints', shown);
  }

  @Get(':id')
  @Operation({
    id: 'getWebhookEndpoint',
    summary: 'A webhook endpoint',
    answers: [200, WebhookEndpointDto],
    refusals: [...ONBOARDED, 404],
    isTagged: true,
    scope: 'webhook_endpoints:read',
  })
  async show(@Param('id') id: string): Promise<Versioned<WebhookEndpointDto>> {
    return versioned(await this.endpoints.get(idParam(id)), webhookEndpointDto);
  }

  @Patch(':id')
  @ApiBody({ type: WebhookEndpointPatchDto })
  @Operation({
    id: 'updateWebhookEndpoint',
    summary: 'Change a webhook endpoint, or switch it on or off',
    answers: [200, WebhookEndpointDto],
    refusals: [...CHANGE, ...ONBOARDED, 404, 409],
    scope: 'webhook_endpoints:write',
    isTagged: true,
  })
  async update(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body(jsonPatch(WebhookEndpointPatch))
    { is_enabled: isEnabled, ...details }: Partial<WebhookEndpointPatch>,
    @Req() req: Request,
  ): Promise<Versioned<WebhookEndpointDto>> {
    const changes = isEnabled === undefined ? details : { ...details, isEnabled };
    const changed = await this.endpoints.change(actor, idParam(id), changes, ifMatch(req));
    return versioned(changed, webhookEndpointDto);
  }

  @Delete(':id')
  @Operation({
    id: 'deleteWebhookEndpoint',
    summary: 'Delete a webhook endpoint',
    answers: [204],
    refusals: [...ONBOARDED, 404, 412],
    scope: 'webhook_endpoints:write',
    worksReadOnly: true,
  })
  @HttpCode(204)
  async delete(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() req: Request,
  ): Promise<void> {
    await this.endpoints.delete(actor, idParam(id), ifMatch(req));
  }

  /** For 24 hours the secret before signs as well. */
  @Post(':id/rotate')
  @StepUp()
  @Operation({
    id: 'rotateWebhookSecret',
    summary: 'Replace the secret; the new one is answered this once',
    answers: [200, WebhookEndpointSecretDto],
    refusals: [...ONBOARDED, 404, 412],
    scope: 'webhook_endpoints:write',
  })
  @Idempotent()
  @HttpCode(200)
  async rotate(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Req() req: Request,
  ): Promise<WebhookEndpointSecretDto> {
    const { endpoint, secret } = await this.endpoints.rotate(actor, idParam(id), ifMatch(req));
    return Object.assign(webhookEndpointDto(endpoint), { secret });
  }

  @Post(':id/ping')
  @Operation({
    id: 'pingWebhookEndpoint',
    summary: 'Send a test',
    answers: [202, WebhookDeliveryRefDto],
    refusals: [...ONBOARDED, 404, 409, 429],
    scope: 'webhook_endpoints:write',
  })
  @Idempotent()
  @RateLimit('webhook_send')
  @HttpCode(202)
  async ping(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
  ): Promise<WebhookDeliveryRefDto> {
    return { id: await this.deliveries.ping(actor, idParam(id)) };
  }

  @Post(':id/redeliver')
  @Operation({
    id: 'redeliverSince',
    summary: 'Send the events since a time once more',
    answers: [202, RedeliveredDto],
    refusals: [...BODY, ...ONBOARDED, 404, 409, 429],
    scope: 'deliveries:write',
  })
  @Idempotent()
  @RateLimit('webhook_send')
  @HttpCode(202)
  async redeliver(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body(jsonBody(RedeliverForm)) body: RedeliverForm,
  ): Promise<RedeliveredDto> {
    const since = sinceOf(body);
    const count = await this.deliveries.redeliverSince(actor, idParam(id), since, !body.all);
    return { count };
  }
}
