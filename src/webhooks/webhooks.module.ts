import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MembersModule } from '../members/members.module.js';
import { WebhookDeliveriesApiController } from './deliveries/webhook-deliveries.api.controller.js';
import { WebhookDeliveriesPageController } from './deliveries/webhook-deliveries.page.controller.js';
import { WebhookAttempts } from './deliveries/webhook-attempts.service.js';
import { WebhookDeliveriesRepository } from './deliveries/webhook-deliveries.repository.js';
import { WebhookDeliveriesService } from './deliveries/webhook-deliveries.service.js';
import { WebhookDelivery } from './deliveries/webhook-delivery.entity.js';
import { WebhookDeliveryAdmin } from './deliveries/webhook-delivery.admin.js';
import { WebhookDispatcher } from './deliveries/webhook-dispatcher.js';
import { WebhookNotices } from './deliveries/webhook-notices.service.js';
import { WebhookQueueRepository } from './deliveries/webhook-queue.repository.js';
import { WebhookEndpointAdmin } from './endpoints/webhook-endpoint.admin.js';
import { WebhookEndpoint } from './endpoints/webhook-endpoint.entity.js';
import { WebhookEndpointsApiController } from './endpoints/webhook-endpoints.api.controller.js';
import { WebhookEndpointsPageController } from './endpoints/webhook-endpoints.page.controller.js';
import { WebhookEndpointsRepository } from './endpoints/webhook-endpoints.repository.js';
import { WebhookEndpointsService } from './endpoints/webhook-endpoints.service.js';
import { WebhookSecrets } from './endpoints/webhook-secrets.js';
import { WebhookEventsDocument } from './events/webhook-events.document.js';
import { WebhookEventsRepository } from './events/webhook-events.repository.js';
import { WebhookEvents } from './events/webhook-events.service.js';
import { WebhookRetentionRepository } from './webhook-retention.repository.js';
import { WebhookRetention } from './webhook-retention.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([WebhookEndpoint, WebhookDelivery]), MembersModule],
  controllers: [
    // Before the endpoints, whose `:id` would match their path.
    WebhookDeliveriesPageController,
    WebhookDeliveriesApiController,
    WebhookEndpointsApiController,
    WebhookEndpointsPageController,
  ],
  providers: [
    WebhookAttempts,
    WebhookDeliveriesRepository,
    WebhookDeliveriesService,
    WebhookDeliveryAdmin,
    WebhookDispatcher,
    WebhookEndpointAdmin,
    WebhookEndpointsRepository,
    WebhookEndpointsService,
    WebhookEvents,
    WebhookEventsDocument,
    WebhookEventsRepository,
    WebhookNotices,
    WebhookQueueRepository,
    WebhookRetention,
    WebhookRetentionRepository,
    WebhookSecrets,
  ],
  exports: [WebhookDeliveriesService],
})
export class WebhooksModule {}
