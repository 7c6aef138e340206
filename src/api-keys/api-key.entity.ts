import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import type { Permission } from '../core/features/names.js';
import { TenantScopedEntity } from '../core/database/tenant-scoped.entity.js';
import { Tenant } from '../tenants/tenant.entity.js';

/** An API key. It belongs to the organisation, not to the person who created it. */
@Entity('api_key')
// Partial expression index, which TypeORM cannot declare: created by the migration.
@Index('uq_api_key_name', { synchronize: false })
export class ApiKey extends TenantScopedEntity {
  @ManyToOne(() => Tenant)
  @JoinColumn()
  tenant: Relation<Tenant>;

  /** 1–100 characters; unique among the active keys of an organisation. */
  @Column('varchar', { length: 100 }) name: string;
  /** The visible prefix, `atrium_ab12cd34`. */
  @Column('varchar', { length: 20 }) prefix: string;
  @Column('bytea', { unique: true, select: false }) keyHash: Buffer;
  @Column('text', { array: true }) scopes: Permission[];

  /** Null: valid until it is revoked. */
  @Column('timestamptz', { nullable: true }) expiresAt: Date | null;
  /** Updated at most once a minute. */
  @Column('timestamptz', { nullable: true }) lastUsedAt: Date | null;
  @Column('timestamptz', { nullable: true }) revokedAt: Date | null;
  @Column('uuid', { nullable: true }) revokedBy: string | null;

  /** Revokes the key for good, from the next request on. */
  revoke(by: string, at: Date): void {
    this.revokedAt = at;
    this.revokedBy = by;
  }
}
