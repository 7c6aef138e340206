import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import type { Row } from '../../core/back-office/row.js';
import type { Principal } from '../../core/context/principal.js';
import { currentContext, runInContext } from '../../core/context/request-context.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { requireSuperuser } from '../../core/http/access/require-superuser.js';
import { NotificationsService } from '../notifications/notifications.service.js';
import type { PaymentProvider } from '../provider/payment-provider.js';
import { Providers } from '../provider/providers.js';
import { fromProvider } from '../subscriptions/from-provider.js';
import { BillingCustomersRepository } from '../sync/billing-customers.repository.js';
import { CustomerSync } from '../sync/customer-sync.service.js';

const TWO_WEEKS = 14 * 24 * 3600 * 1000;

/** What superusers do with subscriptions and notifications. What follows is fetched from the provider anew. */
@Injectable()
export class BillingAdministration {
  constructor(
    private readonly providers: Providers,
    private readonly notifications: NotificationsService,
    private readonly customers: BillingCustomersRepository,
    private readonly customerSync: CustomerSync,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Deals with a notification once more. @throws DomainError `conflict` where its provider is not configured */
  async replay(me: Principal, { id, provider, event_id: eventId, type }: Row): Promise<void> {
    requireSuperuser(me);
    const found = this.provider(provider);
    await this.unitOfWork.run(async () => {
      await this.notifications.replay(found, String(eventId));
      const subject = { kind: 'billing_event', id, name: String(type) };
      await this.audit.record({ action: 'billing_event.replayed', subject, tenantId: null });
    });
  }

  /** Makes what we know of the customer what the provider knows. @throws DomainError `conflict` */
  async sync(me: Principal, { provider, tenant_id: tenantId }: Row): Promise<void> {
    requireSuperuser(me);
    const found = this.provider(provider);
    const { requestId, locale } = currentContext();
    const customer = await runInContext({ requestId, locale, tenantId: String(tenantId) }, () =>
      this.customers.own(found.name),
    );
    if (!customer?.externalId) return;
    await fromProvider(this.customerSync.sync(found, customer.externalId));
  }

  /** The trial lasts two weeks longer. @throws DomainError `conflict` */
  async extendTrial(me: Principal, row: Row): Promise<void> {
    requireSuperuser(me);
    const ends = row.trial_ends_at;
    const from = ends instanceof Date ? +ends : Date.now();
    const until = new Date(Math.max(from, Date.now()) + TWO_WEEKS);
    await fromProvider(this.provider(row.provider).extendTrial(String(row.external_id), until));
    await this.unitOfWork.run(async () => {
      await this.unitOfWork.switchTenant(String(row.tenant_id));
      const subject = { kind: 'subscription', id: row.id, name: String(row.plan_key) };
      const changes = { until: { from: null, to: until.toISOString() } };
      await this.audit.record({ action: 'subscription.trial_extended', subject, changes });
    });
    await this.sync(me, row);
  }

  private provider(name: unknown): PaymentProvider {
    const found = this.providers.named(String(name));
    if (!found) throw new DomainError('conflict', 'billing.errors.other_provider');
    return found;
  }
}
