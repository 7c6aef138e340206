import {
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  OneToOne,
  type Relation,
  Unique,
} from 'typeorm';
import type { Role, Theme } from '../core/context/principal.js';
import { TimeStampedAuditEntity } from '../core/database/time-stamped-audit.entity.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Country } from '../reference/country.entity.js';
import { Language } from '../reference/language.entity.js';
import { Timezone } from '../reference/timezone.entity.js';
import { User } from './user.entity.js';

/** One person's preferences, and their one membership. */
@Entity('user_profile')
// Conditions and collations, which the entity cannot state: the migration owns them.
// What is a profile's in an organisation references both.
@Unique('uq_user_profile_tenant_id_id', ['tenantId', 'id'])
@Index('idx_user_profile_listed', { synchronize: false })
@Index('idx_user_profile_listed_by_role', { synchronize: false })
@Index('idx_user_profile_listed_by_state', { synchronize: false })
// The back office walks these: the migration owns them.
@Index('idx_user_profile_by_creation', { synchronize: false })
@Index('idx_user_profile_by_name', { synchronize: false })
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

  /** When the profile form was first saved; until then onboarding asks for it. */
  @Column('timestamptz', { nullable: true })
  profileCompletedAt: Date | null;

  /** Storage key of the picture. */
  @Column('varchar', { length: 200, nullable: true }) avatar: string | null;

  /** Set once, never cleared: the database refuses a change of organisation. */
  @Column('uuid', { nullable: true }) tenantId: string | null;
  @ManyToOne('Tenant', { nullable: true })
  @JoinColumn()
  tenant: Relation<object> | null;

  @Column('varchar', { length: 20, nullable: true }) role: Role | null;
  @Column('timestamptz', { nullable: true }) tenantJoinedAt: Date | null;
  @Column('timestamptz', { nullable: true })
  tenantRevokedAt: Date | null;
  /** The role at the end of the access; null for who has access. */
  @Column('varchar', { length: 20, nullable: true }) revokedRole: Role | null;

  /**
   * Name and address in lower case and without accents: what lists of members are sorted and searched
   * by. Kept by the database (trigger `list_member`).
   */
  @Column({ type: 'text', default: '', insert: false, update: false, select: false })
  listedAs: string;

  /** Whether the account is neither closed nor deleted. Kept by the database (trigger `note_account`). */
  @Column({ type: 'boolean', default: true, insert: false, update: false, select: false })
  accountOpen: boolean;

  /** Becomes part of an organisation. Whether one already is, is for the caller to have asked. */
  join(tenantId: string, role: Role, at: Date): void {
    this.tenantId = tenantId;
    this.role = role;
    this.tenantJoinedAt = at;
  }

  /** `by`: the person; null for a machine. @throws DomainError `conflict` for oneself, and for promoting somebody who has no access */
  changeRole(role: Role, by: string | null): void {
    if (this.role === role) return;
    if (this.userId === by) throw new DomainError('conflict', 'settings.errors.own_role');
    if (!this.isActive) throw new DomainError('conflict', 'settings.errors.not_active');
    this.role = role;
  }

  /** Ends the access to the organisation. @throws DomainError `conflict` for oneself */
  revoke(by: string | null, at: Date): void {
    if (this.userId === by) throw new DomainError('conflict', 'settings.errors.own_access');
    this.leave(at);
  }

  /** Access ends, whoever decided it; the role is gone with it. */
  leave(at: Date): void {
    if (!this.isActive) return;
    this.isActive = false;
    this.revokedRole = this.role;
    this.role = 'member';
    this.tenantRevokedAt = at;
  }

  /** Gives access again, as a member. */
  reengage(): void {
    if (this.isActive) return;
    this.isActive = true;
    this.role = 'member';
    this.revokedRole = null;
    this.tenantRevokedAt = null;
  }

  /** Gives access again with the role of before: takes its end back. */
  restore(): void {
    const role = this.revokedRole;
    this.reengage();
    this.role = role ?? this.role;
  }

  /** The profile form was saved; the first time counts. */
  complete(at: Date): void {
    this.profileCompletedAt ??= at;
  }
}

/** `peter.janssens@acme.com` → `Peter`: the local part up to the first dot, capitalised. */
export function displayNameFrom(email: string): string {
  const first = email.split('@')[0]?.split('.')[0] ?? '';
  return (first.charAt(0).toUpperCase() + first.slice(1)).slice(0, 100);
}
