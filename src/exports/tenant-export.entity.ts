import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantScopedEntity } from '../core/database/tenant-scoped.entity.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Tenant } from '../tenants/tenant.entity.js';

export type ExportState = 'pending' | 'running' | 'ready' | 'failed';

/** How long a file can be downloaded. */
export const EXPORT_DAYS = 7;

/** All of an organisation's data in one file, made by a job on an admin's request. */
@Entity('tenant_export')
// Conditional: the migration owns it. One unfinished export in an organisation.
@Index('uq_tenant_export_unfinished', { synchronize: false })
export class TenantExport extends TenantScopedEntity {
  @ManyToOne(() => Tenant)
  @JoinColumn()
  tenant: Relation<Tenant>;

  @Column('varchar', { length: 20, default: 'pending' }) state: ExportState;
  /** As of then. */
  @Column('varchar', { length: 254 }) requestedByName: string;

  /** Counts those who took the work up; whoever is no longer the last one has lost it. */
  @Column('integer', { default: 0 }) attempt: number;
  /** When whoever works on it last said so. */
  @Column('timestamptz', { default: () => 'now()' }) seenAt: Date;

  @Column('integer', { default: 0 }) partsDone: number;
  @Column('integer', { default: 0 }) partsTotal: number;
  @Column('integer', { default: 0 }) rowsDone: number;

  /** Where the file is, or is being made; null once it is gone. */
  @Column('varchar', { length: 200, nullable: true }) storageKey: string | null;
  /** Bytes. */
  @Column('bigint', { nullable: true }) size: string | null;
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
  @Column('timestamptz', { nullable: true }) expiresAt: Date | null;

  /** The file's key. @throws DomainError `not_found` while there is none, `gone` when its time is over */
  fileAt(now: Date): string {
    if (this.state !== 'ready') throw new DomainError('not_found', 'errors.not_found');
    if (!this.storageKey || this.expiresAt! <= now) {
      throw new DomainError('gone', 'exports.errors.expired');
    }
    return this.storageKey;
  }
}
