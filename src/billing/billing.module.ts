import { Module } from '@nestjs/common';
import { AppConfig } from '../core/config/config.js';
import { MembersModule } from '../members/members.module.js';
import { EntitlementsModule } from './access/entitlements.module.js';
import { BillingPageController } from './billing.page.controller.js';
import { ManualModule } from './manual/manual.module.js';
import { ManualProvider } from './manual/manual.provider.js';
import { BillingEventsWorker } from './notifications/billing-events.worker.js';
import { LedgerRepository } from './notifications/ledger.repository.js';
import { NotificationsService } from './notifications/notifications.service.js';
import { WebhooksApiController } from './notifications/webhooks.api.controller.js';
import { paymentProviders } from './provider/payment-providers.js';
import { PAYMENT_PROVIDERS, Providers } from './provider/providers.js';
import { SeatsService } from './seats/seats.service.js';
import { BillingService } from './subscriptions/billing.service.js';
import { CheckoutService } from './subscriptions/checkout.service.js';
import { SandboxDelivery } from './sandbox/sandbox-delivery.js';
import { PriceCheckAtStart } from './reconciliation/price-check-at-start.js';
import { Reconciliation } from './reconciliation/reconciliation.service.js';
import { Sandbox } from './sandbox/sandbox.js';
import { SandboxProvider } from './sandbox/sandbox-provider.js';
import { SandboxRepository } from './sandbox/sandbox.repository.js';
import {
  BillingDetailsExport,
  InvoiceLinesExport,
  InvoicesExport,
  SubscriptionsExport,
} from './sync/billing-exports.js';
import { BillingCustomersRepository } from './sync/billing-customers.repository.js';
import { CheckoutsRepository } from './sync/checkouts.repository.js';
import { CustomerSync } from './sync/customer-sync.service.js';
import { InvoicesRepository } from './sync/invoices.repository.js';
import { ManualSync } from './sync/manual-sync.js';
import { SubscriptionsRepository } from './sync/subscriptions.repository.js';

@Module({
  imports: [EntitlementsModule, ManualModule, MembersModule],
  controllers: [BillingPageController, WebhooksApiController],
  providers: [
    BillingCustomersRepository,
    BillingDetailsExport,
    BillingEventsWorker,
    BillingService,
    CheckoutService,
    CheckoutsRepository,
    CustomerSync,
    InvoiceLinesExport,
    InvoicesExport,
    InvoicesRepository,
    LedgerRepository,
    ManualSync,
    NotificationsService,
    PriceCheckAtStart,
    Providers,
    Reconciliation,
    Sandbox,
    SandboxDelivery,
    SandboxProvider,
    SandboxRepository,
    SeatsService,
    SubscriptionsExport,
    SubscriptionsRepository,
    {
      provide: PAYMENT_PROVIDERS,
      inject: [AppConfig, SandboxProvider, ManualProvider],
      useFactory: paymentProviders,
    },
  ],
  exports: [Sandbox],
})
export class BillingModule {}
