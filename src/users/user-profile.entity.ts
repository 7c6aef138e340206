import {
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  OneToOne,
  type Relation,
  Unique,
  VersionColumn,
} from 'typeorm';
import type { Role, Theme } from '../core/context/principal.js';
import { TimeStampedAuditEntity } from '../core/database/time-stamped-audit.entity.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Country } from '../reference/country.entity.js';
import { Language } from '../reference/language.entity.js';
import { Timezone } from '../reference/timezone.entity.js';
import { User } from './user.entity.js';

/** Preferences of one person, and their membership. */
@Entity('user_profile')
// Partial indexes and collations, which TypeORM cannot declare: created by the migration.
@Unique('uq_user_profile_tenant_id_id', ['tenantId', 'id'])
@Index('idx_user_profile_listed', { synchronize: false })
@Index('idx_user_profile_listed_by_role', { synchronize: false })
@Index('idx_user_profile_listed_by_state', { synchronize: false })
// Indexes of the back office's sort orders: created by the migration.
@Index('idx_user_profile_by_creation', { synchronize: false })
@Index('idx_user_profile_by_name', { synchronize: false })
@Index('idx_user_profile_parts', { synchronize: false })
@Index('idx_user_profile_inactive', { synchronize: false })
@Index('idx_user_profile_nowhere', { synchronize: false })
@Index('idx_user_profile_avatar', { synchronize: false })
export class UserProfile extends TimeStampedAuditEntity {
  @Column({ type: 'uuid', unique: true, update: false }) userId: string;
  @OneToOne(() => User)
  @JoinColumn()
  user: Relation<User>;

  /** At most 100 characters. */
  @Column('varchar', { length: 100, nullable: true })
  displayName: string | null;

  @Column('integer', { nullable: true }) languageId: number | null;
  @ManyToOne(() => Language, { nullable: true })
  @JoinColumn()
  language: Relation<Language> | null;

  @Column('integer', { nullable: true }) timezoneId: number | null;
  @ManyToOne(() => Timezone, { nullable: true })
  @JoinColumn()
  timezone: Relation<Timezone> | null;

  @Column('integer', { nullable: true }) countryId: number | null;
  @ManyToOne(() => Country, { nullable: true })
  @JoinColumn()
  country: Relation<Country> | null;

  @Column('varchar', { length: 20, default: 'system' }) theme: Theme;
  @Column('boolean', { default: false }) marketingEmails: boolean;

  /** When the profile form was first saved; null: the onboarding step is open. */
  @Column('timestamptz', { nullable: true })
  profileCompletedAt: Date | null;

  /** Storage key of the picture. */
  @Column('varchar', { length: 200, nullable: true }) avatar: string | null;

  /** Set once, never cleared: a trigger refuses a change of organisation. */
  @Column('uuid', { nullable: true }) tenantId: string | null;
  @ManyToOne('Tenant', { nullable: true })
  @JoinColumn()
  tenant: Relation<object> | null;

  /** Counts the changes of profile and membership, except theme and language chosen in the page header. */
  @VersionColumn({ default: 1 }) version: number;

  @Column('varchar', { length: 20, nullable: true }) role: Role | null;
  @Column('timestamptz', { nullable: true }) tenantJoinedAt: Date | null;
  @Column('timestamptz', { nullable: true })
  tenantRevokedAt: Date | null;
  /** Role at the end of access; null for people with access. */
  @Column('varchar', { length: 20, nullable: true }) revokedRole: Role | null;

  /** When the person put the checklist of the dashboard away. */
  @Column({ type: 'timestamptz', nullable: true, insert: false, update: false, select: false })
  checklistHiddenAt: Date | null;

  /**
   * Name and address in lower case without accents, for sorting and searching members. Written by the trigger
   * `list_member`.
   */
  @Column({ type: 'text', default: '', insert: false, update: false, select: false })
  listedAs: string;

  /** Whether the account is neither closed nor deleted. Written by the trigger `note_account`. */
  @Column({ type: 'boolean', default: true, insert: false, update: false, select: false })
  accountOpen: boolean;

  /** Joins an organisation. The caller has checked that there is no membership yet. */
  join(tenantId: string, role: Role, at: Date): void {
    this.tenantId = tenantId;
    this.role = role;
    this.tenantJoinedAt = at;
  }

  /**
   * `by`: the acting person; null for an API key.
   * @throws DomainError `conflict` for oneself, and for promoting a person without access
   */
  changeRole(role: Role, by: string | null): void {
    if (this.role === role) return;
    if (this.userId === by) throw new DomainError('conflict', 'members.errors.own_role');
    if (!this.isActive) throw new DomainError('conflict', 'members.errors.not_active');
    this.role = role;
  }

  /**
   * Makes another member admin, and oneself a member.
   * @throws DomainError `invalid` for oneself, and for a person without access
   */
  handOver(successor: UserProfile): void {
    if (successor.id === this.id || !successor.isActive) {
      throw new DomainError('invalid', 'members.errors.unknown', { field: 'member_id' });
    }
    successor.role = 'admin';
    this.role = 'member';
  }

  /** Revokes the access to the organisation. @throws DomainError `conflict` for oneself */
  revoke(by: string | null, at: Date): void {
    if (this.userId === by) throw new DomainError('conflict', 'members.errors.own_access');
    this.leave(at);
  }

  /** Ends access and role. */
  leave(at: Date): void {
    if (!this.isActive) return;
    this.isActive = false;
    this.revokedRole = this.role;
    this.role = 'member';
    this.tenantRevokedAt = at;
  }

  /** Restores access with the role "member". */
  reengage(): void {
    if (this.isActive) return;
    this.isActive = true;
    this.role = 'member';
    this.revokedRole = null;
    this.tenantRevokedAt = null;
  }

  /** Undoes a revocation: restores access with the previous role. */
  restore(): void {
    const role = this.revokedRole;
    this.reengage();
    this.role = role ?? this.role;
  }

  /** Marks the profile step completed, once. */
  complete(at: Date): void {
    this.profileCompletedAt ??= at;
  }
}

/** `peter.janssens@acme.com` → `Peter`: the local part up to the first dot, capitalised. */
export function displayNameFrom(email: string): string {
  const first = email.split('@')[0]?.split('.')[0] ?? '';
  return (first.charAt(0).toUpperCase() + first.slice(1)).slice(0, 100);
}
