import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantScopedEntity } from '../../core/database/tenant-scoped.entity.js';
import { Tenant } from '../tenant.entity.js';

/** `failed`: something went wrong; the job tries again, or somebody asks again. */
export type ExportState = 'pending' | 'running' | 'ready' | 'failed';

/** An organisation's data as one file, made by a job when an admin asks for it. */
@Entity('tenant_export')
// One at a time. It is partial: the migration owns it.
@Index('uq_tenant_export_under_way', { synchronize: false })
@Index('idx_tenant_export_storage_key', { synchronize: false })
export class TenantExport extends TenantScopedEntity {
  @ManyToOne(() => Tenant)
  @JoinColumn()
  tenant: Relation<Tenant>;

  @Column('varchar', { length: 254 }) requestedByName: string;
  @Column('varchar', { length: 10, default: 'pending' }) state: ExportState;
  /** Counts the tries; only the latest one has anything to say. */
  @Column('integer', { default: 0 }) attempt: number;
  @Column('integer', { default: 0 }) partsDone: number;
  @Column('integer', { default: 0 }) partsTotal: number;
  /** Null before it is ready, and after its seven days. */
  @Column('varchar', { length: 200, nullable: true }) storageKey: string | null;
  @Column('bigint', { nullable: true }) sizeBytes: string | null;
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
  @Column('timestamptz', { nullable: true }) expiresAt: Date | null;
}
