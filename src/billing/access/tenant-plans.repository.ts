import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { TENANT_PLAN_COLUMNS, type TenantPlan } from '../../core/entitlements/tenant-plan.js';

/** The columns of the organisation in context that say what it may do. */
@Injectable()
export class TenantPlansRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Nobody else changes it, or anything it limits, before the unit of work ends. @throws DomainError `not_found` */
  async lock(): Promise<TenantPlan> {
    const plan = await this.lockIfThere();
    if (!plan) throw new DomainError('not_found', 'errors.not_found');
    return plan;
  }

  /** As `lock`; null where the organisation was erased. */
  async lockIfThere(): Promise<TenantPlan | null> {
    const [plan] = await this.unitOfWork.query<TenantPlan>(
      `SELECT ${TENANT_PLAN_COLUMNS} FROM tenant t WHERE t.id = app_tenant_id() FOR NO KEY UPDATE`,
    );
    return plan ?? null;
  }

  async find(): Promise<TenantPlan> {
    const [plan] = await this.unitOfWork.read<TenantPlan>({
      name: 'tenant-plan',
      text: `SELECT ${TENANT_PLAN_COLUMNS} FROM tenant t WHERE t.id = app_tenant_id()`,
    });
    if (!plan) throw new DomainError('not_found', 'errors.not_found');
    return plan;
  }

  /** As the role billing. */
  async project(plan: TenantPlan): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE tenant SET access_state = $1, access_until = $2, plan_key = $3, plan_version = $4,
         seats = $5, entitlement_overrides = $6 WHERE id = app_tenant_id()`,
      [
        plan.accessState,
        plan.accessUntil,
        plan.planKey,
        plan.planVersion,
        plan.seats,
        JSON.stringify(plan.overrides),
      ],
    );
  }
}
