import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import type { Row } from '../../core/back-office/row.js';
import type { Principal } from '../../core/context/principal.js';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { EntitlementOverride, TenantPlan } from '../../core/entitlements/tenant-plan.js';
import { DomainError } from '../../core/errors/domain-error.js';
import type { EntitlementName, LimitName } from '../../core/features/names.js';
import { merged } from '../../core/features/registry.js';
import { requireSuperuser } from '../../core/http/access/require-superuser.js';
import { PlanEntitlements } from '../access/plan-entitlements.js';
import { TenantPlansRepository } from '../access/tenant-plans.repository.js';
import { inOrganisation } from '../sync/in-organisation.js';
import { OverridesRepository, type OverrideRow } from './overrides.repository.js';

/** What can be decided: whether an organisation has something, or how many of it. */
export interface Decidable {
  name: string;
  kind: 'entitlement' | 'limit';
  /** What the plan allows: 0 or 1 for an entitlement; a limit that has no end is null. */
  ofPlan: number | null;
  /** What was decided last, which may be over; null: nothing ever. */
  decided: (OverrideRow & { isOver: boolean }) | null;
}

/** Superusers decide what an organisation may do beside its plan. It holds from the next request on. */
@Injectable()
export class OverridesService {
  constructor(
    private readonly overrides: OverridesRepository,
    private readonly plans: TenantPlansRepository,
    private readonly entitlements: PlanEntitlements,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Whether anything is limited here. */
  get isOn(): boolean {
    return this.entitlements.isOn;
  }

  /** Everything that can be decided, by name. @throws DomainError `not_found` where nothing is sold */
  all(me: Principal, tenantId: string): Promise<Decidable[]> {
    this.require(me);
    return inOrganisation(tenantId, async () => {
      const [found, rows] = await Promise.all([this.plans.find(), this.overrides.all()]);
      const plan = { ...found, overrides: {} };
      const now = new Date();
      const decidedOf = (name: string) => {
        const row = rows.find(({ entitlement }) => entitlement === name);
        return row ? { ...row, isOver: row.until !== null && row.until <= now } : null;
      };
      return decidables().map(({ name, kind }) => {
        const ofPlan = this.ofPlan(name, kind, plan);
        return { name, kind, ofPlan, decided: decidedOf(name) };
      });
    });
  }

  /** @throws DomainError `not_found` for a name that nobody declares */
  async one(me: Principal, tenantId: string, name: string): Promise<Decidable> {
    const found = (await this.all(me, tenantId)).find((each) => each.name === name);
    if (!found) throw new DomainError('not_found', 'errors.not_found');
    return found;
  }

  /**
   * @param version of what was decided before; 0: nothing
   * @throws DomainError `invalid`, `stale` where somebody else decided meanwhile
   */
  async set(
    me: Principal,
    tenantId: string,
    given: Omit<OverrideRow, 'id' | 'version'>,
    version: number,
  ): Promise<void> {
    this.require(me);
    const { entitlement, amount, until } = given;
    if (until !== null && until <= new Date()) {
      throw new DomainError('invalid', 'billing.staff.errors.until', { field: 'until' });
    }
    await inOrganisation(tenantId, () =>
      this.decide(entitlement, 'entitlement_override.set', async (before) => {
        if (!(await this.overrides.set(given, version))) {
          throw new DomainError('stale', 'billing.staff.errors.stale_override');
        }
        return {
          overrideValue: { from: before ? valueOf(before.amount) : null, to: valueOf(amount) },
          until: { from: before?.until ?? null, to: until?.toISOString() ?? null },
        };
      }),
    );
  }

  /** The plan counts again from now on. Over already it stays as it is. */
  async end(me: Principal, row: Row): Promise<void> {
    this.require(me);
    await inOrganisation(String(row.tenant_id), () =>
      this.decide(String(row.entitlement), 'entitlement_override.ended', async (before) => {
        if (!(await this.overrides.end(row.id))) return null;
        return { overrideValue: { from: before ? valueOf(before.amount) : null, to: null } };
      }),
    );
  }

  /** One decision in the organisation in context, under its lock, with what follows for it. `work`: given what holds so far. */
  private decide(
    name: string,
    action: 'entitlement_override.set' | 'entitlement_override.ended',
    work: (
      before: EntitlementOverride | undefined,
    ) => Promise<Record<string, { from: unknown; to: unknown }> | null>,
  ): Promise<void> {
    return this.unitOfWork.run(async () => {
      const plan = await this.plans.lock();
      const before = plan.overrides[name];
      const isOver = Boolean(before?.until && Date.parse(before.until) <= Date.now());
      const changes = await this.unitOfWork.runAs(billingRole, () =>
        work(isOver ? undefined : before),
      );
      if (!changes) return;
      const overrides = await this.standing();
      const after = await this.entitlements.withinLimits({ ...plan, overrides });
      await this.unitOfWork.runAs(billingRole, () => this.plans.project(after));
      const subject = { kind: 'entitlement_override', id: null, name };
      await this.audit.record({ action, subject, changes });
    });
  }

  /** Those that are not over, as the organisation has them in its row. */
  private async standing(): Promise<TenantPlan['overrides']> {
    const now = new Date();
    const rows = await this.overrides.all();
    return Object.fromEntries(
      rows
        .filter(({ until }) => until === null || until > now)
        .map(({ entitlement, amount, until }) => {
          return [entitlement, { amount, until: until?.toISOString() ?? null }];
        }),
    );
  }

  private ofPlan(name: string, kind: Decidable['kind'], plan: TenantPlan): number | null {
    if (kind === 'limit') return this.entitlements.limit(name as LimitName, plan);
    return this.entitlements.has(name as EntitlementName, plan) ? 1 : 0;
  }

  private require(me: Principal): void {
    requireSuperuser(me);
    if (!this.isOn) throw new DomainError('not_found', 'errors.not_found');
  }
}

/** What features declare. */
function decidables(): Array<Pick<Decidable, 'name' | 'kind'>> {
  const of = (part: 'entitlements' | 'limits', kind: Decidable['kind']) =>
    [...merged(part).keys()].map((name) => ({ name, kind }));
  return [...of('entitlements', 'entitlement'), ...of('limits', 'limit')];
}

/** For the audit trail; `∞`: without end. */
function valueOf(amount: number | null): string {
  return amount === null ? '∞' : String(amount);
}
