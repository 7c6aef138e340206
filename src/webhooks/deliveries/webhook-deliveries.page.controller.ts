import { Controller, Get, Param, Post } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { DenyImpersonation, May } from '../../core/http/access/access.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import {
  page,
  seeOther,
  success,
  type Page,
  type Redirect,
} from '../../core/http/pipeline/answers.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';

/** One delivery: what was sent and what was answered. */
@Controller('settings/webhooks/deliveries')
@May('deliveries:read')
@DenyImpersonation()
@NotSensitive()
export class WebhookDeliveriesPageController {
  constructor(private readonly deliveries: WebhookDeliveriesService) {}

  @Get(':id')
  async show(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Page> {
    const delivery = await this.deliveries.get(me, idParam(id));
    return page('webhooks/delivery', { delivery }, { section: 'settings' });
  }

  @Post(':id/redeliver')
  @May('deliveries:write')
  @RateLimit('webhook_send')
  async redeliver(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Redirect> {
    const repeated = await this.deliveries.redeliver(me, idParam(id));
    const path = `/settings/webhooks/deliveries/${repeated}/`;
    return seeOther(path, success('webhooks.flash.redelivered_one'));
  }
}
