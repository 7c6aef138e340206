import { Column, Entity, JoinColumn, ManyToOne, Unique, type Relation } from 'typeorm';
import type { Role } from '../../core/context/principal.js';
import { TenantScopedEntity } from '../../core/database/tenant-scoped.entity.js';
import { Tenant } from '../../tenants/tenant.entity.js';

/** A link by which several people may ask for an invitation. Only the SHA-256 of its token is stored. */
@Entity('invitation_link')
@Unique(['tenantId', 'id'])
export class InvitationLink extends TenantScopedEntity {
  @ManyToOne(() => Tenant)
  @JoinColumn()
  tenant: Relation<Tenant>;

  @Column('varchar', { length: 20 }) role: Role;
  /** Domains of addresses that may join, in canonical spelling; empty: any. */
  @Column('text', { array: true, default: [] }) domains: string[];
  @Column('bytea', { unique: true, select: false }) tokenHash: Buffer;
  @Column('integer') maxUses: number;
  /** People who joined through it. */
  @Column('integer', { default: 0 }) uses: number;
  @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { nullable: true }) revokedAt: Date | null;
}
