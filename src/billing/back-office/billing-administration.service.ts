import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import type { Row } from '../../core/back-office/row.js';
import type { Principal } from '../../core/context/principal.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { requireSuperuser } from '../../core/http/access/require-superuser.js';
import { LedgerRepository } from '../notifications/ledger.repository.js';
import { NotificationsService } from '../notifications/notifications.service.js';
import type { PaymentProvider } from '../provider/payment-provider.js';
import { Providers } from '../provider/providers.js';
import { fromProvider } from '../subscriptions/from-provider.js';
import { BillingCustomersRepository } from '../sync/billing-customers.repository.js';
import { inOrganisation } from '../sync/in-organisation.js';
import { CustomerSync } from '../sync/customer-sync.service.js';

/** Replayed by one request at most; the others stay parked, and are counted on the page. */
const MOST_REPLAYED = 5_000;

/** What superusers do with subscriptions and notifications. What follows is fetched from the provider anew. */
@Injectable()
export class BillingAdministration {
  constructor(
    private readonly providers: Providers,
    private readonly notifications: NotificationsService,
    private readonly ledger: LedgerRepository,
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

  /** How many notifications `replayParked` would deal with. @throws DomainError `not_found` where nothing is sold */
  parked(): Promise<number> {
    return this.ledger.parked(this.providers.current.name);
  }

  /**
   * Deals with everything that is parked once more; what was parked by a provider that is not configured stays.
   * @returns how many notifications
   */
  async replayParked(me: Principal): Promise<number> {
    requireSuperuser(me);
    const found = this.providers.current;
    let count = 0;
    for (let batch = -1; batch !== 0 && count < MOST_REPLAYED; count += batch) {
      batch = await this.unitOfWork.run(async () => {
        const replayed = await this.notifications.replayParked(found);
        if (replayed === 0) return 0;
        const subject = { kind: 'billing_event', id: null, name: String(replayed) };
        await this.audit.record({ action: 'billing_events.replayed', subject, tenantId: null });
        return replayed;
      });
    }
    return count;
  }

  /** Makes what we know of the customer what the provider knows. @throws DomainError `conflict` */
  async sync(me: Principal, { provider, tenant_id: tenantId }: Row): Promise<void> {
    requireSuperuser(me);
    const found = this.provider(provider);
    const customer = await inOrganisation(String(tenantId), () => this.customers.own(found.name));
    if (!customer?.externalId) return;
    await fromProvider(this.customerSync.sync(found, customer.externalId));
  }

  /** @throws DomainError `conflict` where it is not configured here */
  provider(name: unknown): PaymentProvider {
    const found = this.providers.named(String(name));
    if (!found) throw new DomainError('conflict', 'billing.errors.other_provider');
    return found;
  }
}
