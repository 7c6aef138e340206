import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import type { Role } from '../../core/context/principal.js';
import { TenantScopedEntity } from '../../core/database/tenant-scoped.entity.js';
import { Tenant } from '../../tenants/tenant.entity.js';
import { InvitationLink } from '../invitation-links/invitation-link.entity.js';
import { User } from '../../users/user.entity.js';

/** An expired invitation stays `pending` in the table until the address is invited again. */
export type InvitationState = 'pending' | 'accepted' | 'cancelled' | 'expired';

/** Lifetime of a link in days. */
export const INVITATION_DAYS = 7;

/** An invitation of an address. Only the SHA-256 of its token is stored. */
@Entity('invitation')
// Partial and expression indexes, which TypeORM cannot declare: created by the migration.
@Index('uq_invitation_pending', { synchronize: false })
// Indexes of the back office's sort orders: created by the migration.
@Index('idx_invitation_by_creation', { synchronize: false })
@Index('idx_invitation_by_email', { synchronize: false })
@Index('idx_invitation_parts', { synchronize: false })
@Index('idx_invitation_of_tenant', { synchronize: false })
export class Invitation extends TenantScopedEntity {
  @ManyToOne(() => Tenant)
  @JoinColumn()
  tenant: Relation<Tenant>;

  /** Lower case. */
  @Column('varchar', { length: 254 }) email: string;
  @Column('varchar', { length: 20 }) role: Role;

  /** Null: invited by an API key. */
  @Column('uuid', { nullable: true }) invitedById: string | null;
  @ManyToOne(() => User, { nullable: true })
  @JoinColumn()
  invitedBy: Relation<User> | null;

  @Column('bytea', { unique: true, select: false }) tokenHash: Buffer;
  @Column('timestamptz') expiresAt: Date;

  @Column('varchar', { length: 20, default: 'pending' }) state: InvitationState;
  @Column('timestamptz', { nullable: true }) acceptedAt: Date | null;

  /** The link through which the address asked for it; null: an admin or an API key invited it. */
  @Index({ where: 'link_id IS NOT NULL' })
  @Column('uuid', { nullable: true })
  linkId: string | null;
  @ManyToOne(() => InvitationLink, { nullable: true })
  @JoinColumn([
    { name: 'tenant_id', referencedColumnName: 'tenantId' },
    { name: 'link_id', referencedColumnName: 'id' },
  ])
  link: Relation<InvitationLink> | null;
}
