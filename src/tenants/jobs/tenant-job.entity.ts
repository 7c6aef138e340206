import { Column, Entity, JoinColumn, ManyToOne, Unique, type Relation } from 'typeorm';
import { TenantScopedEntity } from '../../core/database/tenant-scoped.entity.js';
import { Tenant } from '../tenant.entity.js';

/** The latest period for which a recurring job of an organisation was added. */
@Entity('tenant_job')
@Unique('uq_tenant_job_tenant_id_queue', ['tenantId', 'queue'])
export class TenantJob extends TenantScopedEntity {
  @ManyToOne(() => Tenant)
  @JoinColumn()
  tenant: Relation<Tenant>;

  @Column('varchar', { length: 60 }) queue: string;

  /** The first day of the period in the time zone of the organisation, ISO 8601. */
  @Column('date') period: string;
}
