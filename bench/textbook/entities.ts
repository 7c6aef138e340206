import { Exclude } from 'class-transformer';
import {
  Column,
  Entity,
  JoinColumn,
  ManyToOne,
  OneToOne,
  PrimaryColumn,
  type Relation,
} from 'typeorm';

@Entity('tenant')
export class Tenant {
  @PrimaryColumn('uuid') id: string;
  @Column() organization: string;
  @Column('varchar', { nullable: true }) logo: string | null;
}

@Entity('language')
export class Language {
  @PrimaryColumn() id: number;
  @Column() code: string;
}

@Entity('timezone')
export class Timezone {
  @PrimaryColumn() id: number;
  @Column() name: string;
}

@Entity('country')
export class Country {
  @PrimaryColumn() id: number;
  @Column() code: string;
}

@Entity('users')
export class User {
  @PrimaryColumn('uuid') id: string;
  @Column() email: string;
  @Exclude() @Column({ name: 'password_hash' }) passwordHash: string;
  @Column({ name: 'is_active' }) isActive: boolean;
  @Column('timestamptz', { name: 'email_verified_at', nullable: true })
  emailVerifiedAt: Date | null;
  @OneToOne(() => UserProfile, (profile) => profile.user) profile: Relation<UserProfile>;
}

@Entity('user_profile')
export class UserProfile {
  @PrimaryColumn('uuid') id: string;
  @Column('varchar', { name: 'display_name', nullable: true }) displayName: string | null;
  @Column('varchar', { nullable: true }) avatar: string | null;
  @Column('varchar', { nullable: true }) role: string | null;
  @Column() theme: string;
  @Column({ name: 'is_active' }) isActive: boolean;
  @Column({ name: 'marketing_emails' }) marketingEmails: boolean;
  @Column('timestamptz', { name: 'tenant_joined_at', nullable: true }) tenantJoinedAt: Date | null;
  @Column('timestamptz', { name: 'profile_completed_at', nullable: true })
  profileCompletedAt: Date | null;
  @OneToOne(() => User, (user) => user.profile)
  @JoinColumn({ name: 'user_id' })
  user: Relation<User>;
  @ManyToOne(() => Tenant) @JoinColumn({ name: 'tenant_id' }) tenant: Relation<Tenant>;
  @ManyToOne(() => Language) @JoinColumn({ name: 'language_id' }) language: Relation<Language>;
  @ManyToOne(() => Timezone) @JoinColumn({ name: 'timezone_id' }) timezone: Relation<Timezone>;
  @ManyToOne(() => Country) @JoinColumn({ name: 'country_id' }) country: Relation<Country>;
}

@Entity('session')
export class Session {
  @PrimaryColumn('uuid') id: string;
  @Column() kind: string;
  @Column('bytea', { name: 'token_hash' }) tokenHash: Buffer;
  @Column('timestamptz', { name: 'expires_at' }) expiresAt: Date;
  @ManyToOne(() => User) @JoinColumn({ name: 'user_id' }) user: Relation<User>;
}
