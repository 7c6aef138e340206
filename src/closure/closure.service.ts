import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.service.js';
import { ClosingBilling } from '../billing/closing/closing-billing.service.js';
import type { Principal } from '../core/context/principal.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { DomainError } from '../core/errors/domain-error.js';
import { requirePermission } from '../core/http/access/require-permission.js';
import { JobQueue } from '../core/jobs/job-queue.js';
import { Mailer } from '../core/mail/mailer.js';
import { AdminMails } from '../members/admin-mails.service.js';
import { MembersService } from '../members/members.service.js';
import { CLOSED_DAYS } from '../tenants/closed-days.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { WebhookDeliveriesService } from '../webhooks/deliveries/webhook-deliveries.service.js';
import { ClosureRepository, type ClosureRow } from './closure.repository.js';

/**
 * Closing an organisation, and reopening it within 30 days. Both take the lock of the organisation: of two at once the
 * second finds it done. Between the two the organisation can be read and nothing else (`ReadOnlyGuard`).
 */
@Injectable()
export class ClosureService implements OnModuleInit {
  constructor(
    private readonly closures: ClosureRepository,
    private readonly members: MembersService,
    private readonly tenants: TenantsService,
    private readonly deliveries: WebhookDeliveriesService,
    private readonly billing: ClosingBilling,
    private readonly admins: AdminMails,
    private readonly mailer: Mailer,
    private readonly jobs: JobQueue,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.jobs.heldBackBy(async () => !(await this.closures.isOpen()));
    this.jobs.handle('closing_subscription', () => this.endSubscription(), { worksClosed: true });
  }

  /** Null while the organisation in context is open. */
  current(): Promise<ClosureRow | null> {
    return this.closures.find();
  }

  /**
   * Closes the organisation in context; one that is closed stays as it is.
   * @param name its name, as typed to confirm
   * @throws DomainError `forbidden`, `invalid` when it has another name
   */
  async close(me: Principal, name: string): Promise<void> {
    requirePermission(me, 'closure:write');
    await this.unitOfWork.run(async () => {
      // The strongest lock first: a weaker one of `requireAdmin` could not be raised while somebody joins.
      await this.closures.lock();
      await this.members.requireAdmin(me);
      const { organization } = await this.tenants.settings();
      if (spelled(name) !== spelled(organization)) {
        throw new DomainError('invalid', 'closure.errors.name', { field: 'organization' });
      }
      const eraseAt = await this.closures.close(me.userId);
      if (!eraseAt) return;
      await this.deliveries.giveUpAll();
      await this.jobs.enqueue('closing_subscription', {});
      await this.admins.send('organisation-closing', {
        organization,
        by: me.displayName ?? me.email,
        days: CLOSED_DAYS,
        day: eraseAt.toISOString().slice(0, 10),
        url: this.mailer.link('/settings/closure/'),
      });
      await this.record('tenant.closing', organization);
    });
  }

  /**
   * Reopens the organisation in context; one that is open stays so.
   * @throws DomainError `forbidden` for whoever is no admin, and once its erasure has begun
   */
  async reopen(me: Principal): Promise<void> {
    requirePermission(me, 'closure:write');
    await this.unitOfWork.run(async () => {
      await this.members.requireAdmin(me);
      await this.reopenNow(me.displayName ?? me.email);
    });
  }

  /**
   * `reopen` in a unit of work of the organisation; the caller has asked who may.
   * @param by name of whoever does it
   */
  async reopenNow(by: string): Promise<void> {
    const organization = await this.closures.reopen();
    if (organization === null) {
      if (await this.closures.find()) throw new DomainError('forbidden', 'closure.errors.erasing');
      return;
    }
    const model = { organization, by, url: this.mailer.link('/') };
    await this.admins.send('organisation-reopened', model);
    await this.record('tenant.reopened', organization);
  }

  /** Not of an organisation that was reopened before the job ran. */
  private async endSubscription(): Promise<void> {
    if (await this.closures.find()) await this.billing.endSubscription();
  }

  private record(action: 'tenant.closing' | 'tenant.reopened', name: string): Promise<void> {
    const subject = { kind: 'tenant', id: this.unitOfWork.tenantId, name };
    return this.audit.record({ action, subject });
  }
}

/** What is typed counts without spaces around it, and with one where there are several. */
function spelled(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/g, ' ');
}
