import {
  Column,
  CreateDateColumn,
  DeleteDateColumn,
  Entity,
  Index,
  PrimaryGeneratedColumn,
} from 'typeorm';

/** A login identity. The one entity outside the audited bases: nobody is signed in when it is made. */
@Entity('users')
// Unique on lower(email): an expression the entity cannot state, so the migration owns the index.
@Index('uq_users_email', { synchronize: false })
// The back office walks these: the migration owns them.
@Index('idx_users_by_creation', { synchronize: false })
@Index('idx_users_by_email', { synchronize: false })
@Index('idx_users_inactive', { synchronize: false })
@Index('idx_users_staff', { synchronize: false })
export class User {
  @PrimaryGeneratedColumn('uuid') id: string;

  /** At most 254 characters (RFC 5321 §4.5.3.1.3), kept in lower case, unique whatever the case. */
  @Column('varchar', { length: 254 }) email: string;

  /** bcrypt; null means that no password opens this account. Read only as the role identity. */
  @Column('varchar', { length: 100, nullable: true, select: false })
  passwordHash: string | null;

  @Index({ where: 'NOT is_active' }) @Column('boolean', { default: true }) isActive: boolean;
  @Column('boolean', { default: false }) isStaff: boolean;
  @Column('boolean', { default: false }) isSuperuser: boolean;

  @Column('timestamptz', { nullable: true }) emailVerifiedAt: Date | null;
  /**
   * When somebody first showed that they read an address of the account; a corrected address does not
   * clear it. Kept by the database (trigger `note_first_verified`).
   */
  @Column({ type: 'timestamptz', nullable: true, insert: false, update: false, select: false })
  firstVerifiedAt: Date | null;
  @Column('timestamptz', { nullable: true }) lastLoginAt: Date | null;

  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @DeleteDateColumn({ type: 'timestamptz' }) deletedAt: Date | null;
  @Column('uuid', { nullable: true }) deletedBy: string | null;
}
