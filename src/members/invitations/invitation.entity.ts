import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import type { Role } from '../../core/context/principal.js';
import { TenantScopedEntity } from '../../core/database/tenant-scoped.entity.js';
import { Tenant } from '../../tenants/tenant.entity.js';
import { User } from '../../users/user.entity.js';

/** `pending` past its time counts as expired; it is written down when the address is invited again. */
export type InvitationState = 'pending' | 'accepted' | 'cancelled' | 'expired';

/** How long a mailed link works. */
export const INVITATION_DAYS = 7;

/** An address asked to become part of an organisation. Only the SHA-256 of its link is kept. */
@Entity('invitation')
// Expressions and conditions, which the entity cannot state: the migration owns them.
@Index('uq_invitation_pending', { synchronize: false })
// The back office walks these: the migration owns them.
@Index('idx_invitation_by_creation', { synchronize: false })
@Index('idx_invitation_by_email', { synchronize: false })
@Index('idx_invitation_of_tenant', { synchronize: false })
export class Invitation extends TenantScopedEntity {
  @ManyToOne(() => Tenant)
  @JoinColumn()
  tenant: Relation<Tenant>;

  /** Lower case. */
  @Column('varchar', { length: 254 }) email: string;
  @Column('varchar', { length: 20 }) role: Role;

  /** Null: a machine of the organisation. */
  @Column('uuid', { nullable: true }) invitedById: string | null;
  @ManyToOne(() => User, { nullable: true })
  @JoinColumn()
  invitedBy: Relation<User> | null;

  @Column('bytea', { unique: true, select: false }) tokenHash: Buffer;
  @Column('timestamptz') expiresAt: Date;

  @Column('varchar', { length: 20, default: 'pending' }) state: InvitationState;
  @Column('timestamptz', { nullable: true }) acceptedAt: Date | null;
}
