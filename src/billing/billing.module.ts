import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BillingAdministration } from './back-office/billing-administration.service.js';
import { BillingEventAdmin } from './back-office/billing-event.admin.js';
import { BillingEvent } from './back-office/billing-event.entity.js';
import { EntitlementOverrideAdmin } from './overrides/entitlement-override.admin.js';
import { EntitlementOverrideEntity } from './overrides/entitlement-override.entity.js';
import { OverridesPageController } from './overrides/overrides.page.controller.js';
import { OverridesRepository } from './overrides/overrides.repository.js';
import { OverridesService } from './overrides/overrides.service.js';
import { BillingFigures } from './figures/billing-figures.js';
import { BillingFiguresRepository } from './figures/billing-figures.repository.js';
import { InvoiceAdmin } from './back-office/invoice.admin.js';
import { Invoice } from './back-office/invoice.entity.js';
import { ParkedEventsPageController } from './back-office/parked-events.page.controller.js';
import { SellPageController } from './sales/sell.page.controller.js';
import { StaffInvoicePageController } from './sales/staff-invoice.page.controller.js';
import { StaffInvoices } from './sales/staff-invoices.service.js';
import { StaffSales } from './sales/staff-sales.service.js';
import { StaffSubscriptionPageController } from './sales/staff-subscription.page.controller.js';
import { StaffSubscriptions } from './sales/staff-subscriptions.service.js';
import { SubscriptionAdmin } from './back-office/subscription.admin.js';
import { Subscription } from './back-office/subscription.entity.js';
import { AppConfig } from '../core/config/config.js';
import { MembersModule } from '../members/members.module.js';
import { PlanSummaries } from './access/plan-summary.service.js';
import { EntitlementsModule } from './access/entitlements.module.js';
import { ManualModule } from './manual/manual.module.js';
import { ManualProvider } from './manual/manual.provider.js';
import { InvoiceDocuments } from './invoices/invoice-documents.service.js';
import { InvoicingModule } from './invoices/invoicing.module.js';
import { BillingPageController } from './pages/billing.page.controller.js';
import { CheckoutPageController } from './pages/checkout.page.controller.js';
import { BillingDetailsPageController } from './pages/details.page.controller.js';
import { InvoicesPageController } from './pages/invoices.page.controller.js';
import { PricingPageController } from './pages/pricing.page.controller.js';
import { SubscriptionPageController } from './pages/subscription.page.controller.js';
import { BillingEventsWorker } from './notifications/billing-events.worker.js';
import { BillingNotices } from './notices/billing-notices.service.js';
import { NoticesRepository } from './notices/notices.repository.js';
import { EventsRetention } from './notifications/events-retention.js';
import { LedgerRepository } from './notifications/ledger.repository.js';
import { NotificationsService } from './notifications/notifications.service.js';
import { WebhooksApiController } from './notifications/webhooks.api.controller.js';
import { paymentProviders } from './provider/payment-providers.js';
import { PAYMENT_PROVIDERS, Providers } from './provider/providers.js';
import { AddedSeats } from './seats/added-seats.service.js';
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
import { BillingDetailsRepository } from './sync/billing-details.repository.js';
import { BillingDetailsService } from './subscriptions/billing-details.service.js';
import { BillingCustomersRepository } from './sync/billing-customers.repository.js';
import { CheckoutsRepository } from './sync/checkouts.repository.js';
import { ClosingBilling } from './closing/closing-billing.service.js';
import { ClosingCustomersRepository } from './closing/closing-customers.repository.js';
import { CustomerSync } from './sync/customer-sync.service.js';
import { InvoicesRepository } from './sync/invoices.repository.js';
import { ManualSync } from './sync/manual-sync.js';
import { SubscriptionsRepository } from './sync/subscriptions.repository.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([BillingEvent, EntitlementOverrideEntity, Invoice, Subscription]),
    EntitlementsModule,
    InvoicingModule,
    ManualModule,
    MembersModule,
  ],
  controllers: [
    BillingPageController,
    CheckoutPageController,
    SubscriptionPageController,
    BillingDetailsPageController,
    InvoicesPageController,
    OverridesPageController,
    ParkedEventsPageController,
    PricingPageController,
    SellPageController,
    StaffInvoicePageController,
    StaffSubscriptionPageController,
    WebhooksApiController,
  ],
  providers: [
    AddedSeats,
    BillingAdministration,
    BillingCustomersRepository,
    BillingDetailsRepository,
    BillingDetailsService,
    EntitlementOverrideAdmin,
    EventsRetention,
    OverridesRepository,
    OverridesService,
    StaffInvoices,
    StaffSales,
    StaffSubscriptions,
    InvoiceAdmin,
    SubscriptionAdmin,
    InvoiceDocuments,
    BillingDetailsExport,
    BillingEventAdmin,
    BillingEventsWorker,
    BillingFigures,
    BillingFiguresRepository,
    BillingNotices,
    BillingService,
    CheckoutService,
    ClosingBilling,
    ClosingCustomersRepository,
    CheckoutsRepository,
    CustomerSync,
    InvoiceLinesExport,
    InvoicesExport,
    InvoicesRepository,
    LedgerRepository,
    ManualSync,
    NoticesRepository,
    NotificationsService,
    PlanSummaries,
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
  exports: [ClosingBilling, PlanSummaries, Sandbox],
})
export class BillingModule {}
