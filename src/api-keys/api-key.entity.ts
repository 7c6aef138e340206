import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import type { Permission } from '../core/features/names.js';
import { TenantScopedEntity } from '../core/database/tenant-scoped.entity.js';
import { Tenant } from '../tenants/tenant.entity.js';

/** A key machines act as the organisation with. It belongs to the organisation, not to who made it. */
@Entity('api_key')
// By expression and partial, which the entity cannot state: the migration owns it.
@Index('uq_api_key_name', { synchronize: false })
export class ApiKey extends TenantScopedEntity {
  @ManyToOne(() => Tenant)
  @JoinColumn()
  tenant: Relation<Tenant>;

  /** 1–100 characters; no two live keys of an organisation have the same. */
  @Column('varchar', { length: 100 }) name: string;
  /** The visible beginning, `atrium_ab12cd34`. */
  @Column('varchar', { length: 20 }) prefix: string;
  @Column('bytea', { unique: true, select: false }) keyHash: Buffer;
  @Column('text', { array: true }) scopes: Permission[];

  /** Null: it works until it is revoked. */
  @Column('timestamptz', { nullable: true }) expiresAt: Date | null;
  /** Written at most once a minute. */
  @Column('timestamptz', { nullable: true }) lastUsedAt: Date | null;
  @Column('timestamptz', { nullable: true }) revokedAt: Date | null;
  @Column('uuid', { nullable: true }) revokedBy: string | null;

  /** From the next request on it opens nothing; for good. */
  revoke(by: string, at: Date): void {
    this.revokedAt = at;
    this.revokedBy = by;
  }
}
