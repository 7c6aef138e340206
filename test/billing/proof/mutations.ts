import { runInContext } from '../../../src/core/context/request-context.js';
import { UnitOfWork } from '../../../src/core/database/unit-of-work.js';
import {
  TENANT_PLAN_COLUMNS,
  type TenantPlan,
} from '../../../src/core/entitlements/tenant-plan.js';
import { TenantPlansRepository } from '../../../src/billing/access/tenant-plans.repository.js';
import { BillingEventsWorker } from '../../../src/billing/notifications/billing-events.worker.js';
import { LedgerRepository } from '../../../src/billing/notifications/ledger.repository.js';
import { Providers } from '../../../src/billing/provider/providers.js';
import { BillingCustomersRepository } from '../../../src/billing/sync/billing-customers.repository.js';
import { CustomerSync } from '../../../src/billing/sync/customer-sync.service.js';
import { InvoicesRepository } from '../../../src/billing/sync/invoices.repository.js';
import { SubscriptionsRepository } from '../../../src/billing/sync/subscriptions.repository.js';
import type { TestApp } from '../../support/app.js';
import { answering } from './books.js';
import type { Payloads } from './disorder.js';

/** The same notification is written down as often as it comes. */
export async function skipTheDedupe(atrium: TestApp): Promise<void> {
  await atrium.sql('ALTER TABLE billing_event DROP CONSTRAINT pk_billing_event');
}

/** What a notification tells is written down, and the provider is not asked. */
export function trustThePayload({ app }: TestApp, payloads: Payloads): void {
  const ledger = app.get(LedgerRepository);
  app.get(BillingEventsWorker).handle = async ({ eventId }) => {
    const { answer } = payloads.get(eventId)!;
    const provider = answering(app.get(Providers).current, { ...answer, fetchedAt: new Date() });
    await runInContext({}, () =>
      app
        .get(CustomerSync)
        .sync(provider, answer.customerId, () => ledger.done(provider.name, eventId)),
    );
  };
}

/** The organisation is read, and others may change it at the same time. */
export function dropTheLock({ app }: TestApp): void {
  const unitOfWork = app.get(UnitOfWork);
  app.get(TenantPlansRepository).lockIfThere = async () => {
    const [plan] = await unitOfWork.query<TenantPlan>(
      `SELECT ${TENANT_PLAN_COLUMNS} FROM tenant t WHERE t.id = app_tenant_id()`,
    );
    return plan ?? null;
  };
}

/** Whatever is written last holds. */
export function ignoreFetchedAt({ app }: TestApp): void {
  const customers = app.get(BillingCustomersRepository);
  const lockOwn = customers.lockOwn.bind(customers);
  customers.lockOwn = async (provider) => {
    const customer = await lockOwn(provider);
    return customer && { ...customer, fetchedAt: null };
  };
  const subscriptions = app.get(SubscriptionsRepository);
  const replace = subscriptions.replace.bind(subscriptions);
  subscriptions.replace = (provider, customerId, rows, liveId) =>
    replace(provider, customerId, rows, liveId, new Date());
  const invoices = app.get(InvoicesRepository);
  const upsert = invoices.upsert.bind(invoices);
  invoices.upsert = (provider, customerId, invoice) =>
    upsert(provider, customerId, invoice, new Date());
}
