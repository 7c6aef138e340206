import { Injectable } from '@nestjs/common';
import { AuditTrail, differences } from '../../audit/audit-trail.service.js';
import type { AuditChanges } from '../../audit/audit-entry.entity.js';
import type { Row } from '../../core/back-office/row.js';
import type { Principal } from '../../core/context/principal.js';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import type { AuditAction } from '../../core/features/names.js';
import { requireSuperuser } from '../../core/http/access/require-superuser.js';
import { MembershipsService } from '../../members/memberships.service.js';
import { priceOf } from '../catalogue/catalogue.js';
import type { Price } from '../catalogue/plan.js';
import type { ChangePreview } from '../provider/payment-provider.js';
import { priceFor, type PlanChoice } from '../subscriptions/billing.service.js';
import { fromProvider } from '../subscriptions/from-provider.js';
import { inOrganisation } from '../sync/in-organisation.js';
import {
  SubscriptionsRepository,
  type LiveSubscription,
} from '../sync/subscriptions.repository.js';
import { BillingAdministration } from '../back-office/billing-administration.service.js';
import { seatsFor } from './seats-for.js';

const DAY = 24 * 3600 * 1000;

export interface StaffChoice extends PlanChoice {
  seats: number;
}

/**
 * What superusers change of a live subscription, whoever its provider is. The provider is asked first and outside
 * of any transaction; what came of it is then fetched anew.
 */
@Injectable()
export class StaffSubscriptions {
  constructor(
    private readonly subscriptions: SubscriptionsRepository,
    private readonly memberships: MembershipsService,
    private readonly administration: BillingAdministration,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** What is, before anything is chosen. @throws DomainError `conflict` where it is over */
  find(me: Principal, row: Row): Promise<{ live: LiveSubscription; members: number }> {
    requireSuperuser(me);
    return inOrganisation(String(row.tenant_id), async () => {
      const [live, { memberCount: members }] = await Promise.all([
        this.requireLive(row),
        this.memberships.overview(),
      ]);
      return { live, members };
    });
  }

  /** What a change would cost now; changes nothing. @throws DomainError `invalid`, `conflict` */
  async preview(me: Principal, row: Row, choice: StaffChoice): Promise<ChangePreview> {
    const { live, price, seats } = await this.checked(me, row, choice);
    const { externalId: subscriptionId, revision } = live;
    const provider = this.administration.provider(row.provider);
    return fromProvider(provider.previewChange({ subscriptionId, price, seats, revision }));
  }

  /** Of two changes at once the provider does the later one last. @throws DomainError `invalid`, `conflict` */
  async change(me: Principal, row: Row, choice: StaffChoice): Promise<void> {
    const { live, price, seats } = await this.checked(me, row, choice);
    const changes = differences(
      { planKey: live.planKey, billingInterval: live.interval, seats: live.quantity },
      { planKey: price.plan, billingInterval: price.interval, seats },
    );
    if (!changes) return;
    const provider = this.administration.provider(row.provider);
    const revision = await inOrganisation(String(row.tenant_id), () =>
      this.unitOfWork.runAs(billingRole, () => this.subscriptions.nextRevision(live.id)),
    );
    const change = { subscriptionId: live.externalId, price, seats, revision };
    const isSeatsOnly = price.key === live.priceKey;
    await fromProvider(isSeatsOnly ? provider.setSeats(change) : provider.changePlan(change));
    await this.told(me, row, 'subscription.changed_by_staff', changes);
  }

  /** At the end of the period; cancelled already it stays as it is. @throws DomainError `conflict` */
  async cancel(me: Principal, row: Row): Promise<void> {
    const { live } = await this.find(me, row);
    if (live.cancelAt) return;
    await fromProvider(this.administration.provider(row.provider).cancel(live.externalId));
    await this.told(me, row, 'subscription.cancelled_by_staff', null);
  }

  /** Takes `cancel` back. @throws DomainError `conflict` */
  async resume(me: Principal, row: Row): Promise<void> {
    const { live } = await this.find(me, row);
    if (!live.cancelAt) return;
    await fromProvider(this.administration.provider(row.provider).resume(live.externalId));
    await this.told(me, row, 'subscription.resumed_by_staff', null);
  }

  /**
   * The trial lasts so many days longer, from its end or from now, whichever is later.
   * @param seen the end of the trial the form was filled in from (ISO 8601): sent twice, it is extended once
   * @throws DomainError `conflict` where there is no trial, the provider cannot do it, or somebody else did
   */
  async extendTrial(
    me: Principal,
    row: Row,
    { days, reason, seen }: { days: number; reason: string; seen: string },
  ): Promise<void> {
    const { live } = await this.find(me, row);
    const { trialEndsAt, status } = live;
    if (status !== 'trialing' || !trialEndsAt) {
      throw new DomainError('conflict', 'billing.staff.errors.no_trial');
    }
    if (seen !== trialEndsAt.toISOString()) {
      throw new DomainError('conflict', 'billing.staff.errors.trial_changed');
    }
    const until = new Date(Math.max(+trialEndsAt, Date.now()) + days * DAY);
    const provider = this.administration.provider(row.provider);
    await fromProvider(provider.extendTrial(live.externalId, until));
    await this.told(me, row, 'subscription.trial_extended', {
      trialEndsAt: { from: trialEndsAt.toISOString(), to: until.toISOString() },
      reason: { from: null, to: reason },
    });
  }

  private async told(
    me: Principal,
    row: Row,
    action: AuditAction,
    changes: AuditChanges | null,
  ): Promise<void> {
    const subject = { kind: 'subscription', id: row.id, name: String(row.plan_key) };
    await inOrganisation(String(row.tenant_id), () =>
      this.unitOfWork.run(() => this.audit.record({ action, subject, changes })),
    );
    await this.administration.sync(me, row);
  }

  private async checked(me: Principal, row: Row, { plan, interval, seats }: StaffChoice) {
    const { live, members } = await this.find(me, row);
    const known = live.priceKey ? priceOf(live.priceKey) : null;
    // An organisation keeps the version it bought.
    const isSame = known?.plan === plan && known.interval === interval;
    const price: Price = isSame ? known : priceFor({ plan, interval });
    return { live, price, seats: seatsFor(price, seats, members) };
  }

  /** The row has to be the one that is live: another may have taken its place. */
  private async requireLive({ external_id: externalId }: Row): Promise<LiveSubscription> {
    const live = await this.subscriptions.live();
    if (live && live.externalId === externalId && live.status !== 'incomplete') return live;
    throw new DomainError('conflict', 'billing.staff.errors.not_live');
  }
}
