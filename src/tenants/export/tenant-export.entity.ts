import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantScopedEntity } from '../../core/database/tenant-scoped.entity.js';
import { Tenant } from '../tenant.entity.js';

/** `failed`: the job will be retried, or an admin starts another one. */
export type ExportState = 'pending' | 'running' | 'ready' | 'failed';

/** An export of an organisation's data as one file, made by a job. */
@Entity('tenant_export')
// At most one running export: a partial unique index, created by the migration.
@Index('uq_tenant_export_under_way', { synchronize: false })
@Index('idx_tenant_export_storage_key', { synchronize: false })
export class TenantExport extends TenantScopedEntity {
  @ManyToOne(() => Tenant)
  @JoinColumn()
  tenant: Relation<Tenant>;

  @Column('varchar', { length: 254 }) requestedByName: string;
  @Column('varchar', { length: 10, default: 'pending' }) state: ExportState;
  /** Number of the attempt; results of earlier attempts are ignored. */
  @Column('integer', { default: 0 }) attempt: number;
  @Column('integer', { default: 0 }) partsDone: number;
  @Column('integer', { default: 0 }) partsTotal: number;
  /** Null until it is ready, and after seven days. */
  @Column('varchar', { length: 200, nullable: true }) storageKey: string | null;
  @Column('bigint', { nullable: true }) sizeBytes: string | null;
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
  @Column('timestamptz', { nullable: true }) expiresAt: Date | null;
}
