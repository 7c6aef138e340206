import { Injectable } from '@nestjs/common';
import type { AuditAction } from '../core/features/names.js';
import { AuditTrail } from '../audit/audit-trail.service.js';
import type { Principal } from '../core/context/principal.js';
import { requireSuperuser } from '../core/http/access/require-superuser.js';
import { isRefusedBy } from '../core/database/database-errors.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import type { SeenVersions } from '../core/database/version.js';
import { DomainError } from '../core/errors/domain-error.js';
import { TenantsRepository, type TenantRow } from './tenants.repository.js';
import { TenantsService, type OrganisationSettings } from './tenants.service.js';

/** Actions of superusers on organisations, within the organisation. Idempotent. */
@Injectable()
export class TenantAdministration {
  constructor(
    private readonly tenants: TenantsRepository,
    private readonly settings: TenantsService,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** @throws DomainError `not_found`, `stale` when somebody else changed it since */
  async change(
    me: Principal,
    id: string,
    given: Pick<OrganisationSettings, 'organization'>,
    seen: SeenVersions,
  ): Promise<void> {
    await this.within(me, id, () => this.settings.change(given, seen));
  }

  /** Deactivates an organisation: its members lose access from their next request on. */
  async deactivate(me: Principal, id: string): Promise<void> {
    await this.within(me, id, (tenant) => this.setActive(tenant, false, 'record.deactivated'));
  }

  /**
   * Re-activates an organisation; what its closing revoked stays revoked.
   * @throws DomainError `conflict` when it has no active admin with an open account
   */
  async restore(me: Principal, id: string): Promise<void> {
    try {
      await this.within(me, id, (tenant) => this.setActive(tenant, true, 'record.restored'));
    } catch (error) {
      if (!isRefusedBy(error, 'tenant_reopens_with_an_admin')) throw error;
      throw new DomainError('conflict', 'tenants.errors.no_admin');
    }
  }

  private async setActive(
    { organization, isActive }: TenantRow,
    next: boolean,
    action: AuditAction,
  ): Promise<void> {
    if (isActive === next) return;
    await this.tenants.setActive(next);
    const subject = { kind: 'tenant', id: this.unitOfWork.tenantId, name: organization };
    await this.audit.record({
      action,
      subject,
      changes: { isActive: { from: isActive, to: next } },
    });
  }

  private async within(me: Principal, id: string, act: (tenant: TenantRow) => Promise<void>) {
    requireSuperuser(me);
    await this.unitOfWork.run(async () => {
      await this.unitOfWork.switchTenant(id);
      const tenant = await this.tenants.lock();
      if (!tenant) throw new DomainError('not_found', 'errors.not_found');
      await act(tenant);
    });
  }
}
