import {
  Column,
  CreateDateColumn,
  DeleteDateColumn,
  Entity,
  Index,
  PrimaryGeneratedColumn,
} from 'typeorm';

/**
 * A login identity. The only entity without the audited base class: there is no signed-in actor when it is
 * created.
 */
@Entity('users')
// Unique on lower(email), an expression that TypeORM cannot declare: created by the migration.
@Index('uq_users_email', { synchronize: false })
// Indexes of the back office's sort orders: created by the migration.
@Index('idx_users_by_creation', { synchronize: false })
@Index('idx_users_by_email', { synchronize: false })
@Index('idx_users_inactive', { synchronize: false })
@Index('idx_users_staff', { synchronize: false })
@Index('idx_users_second_factors', { synchronize: false })
export class User {
  @PrimaryGeneratedColumn('uuid') id: string;

  /** At most 254 characters (RFC 5321 §4.5.3.1.3), in lower case, unique. */
  @Column('varchar', { length: 254 }) email: string;

  /** bcrypt hash; null: no password is accepted. Readable as the identity role only. */
  @Column('varchar', { length: 100, nullable: true, select: false })
  passwordHash: string | null;

  @Index({ where: 'NOT is_active' }) @Column('boolean', { default: true }) isActive: boolean;
  @Column('boolean', { default: false }) isStaff: boolean;
  @Column('boolean', { default: false }) isSuperuser: boolean;

  @Column('timestamptz', { nullable: true }) emailVerifiedAt: Date | null;
  /**
   * When an address of the account was first verified; a corrected address does not clear it. Written by the
   * trigger `note_first_verified`.
   */
  @Column({ type: 'timestamptz', nullable: true, insert: false, update: false, select: false })
  firstVerifiedAt: Date | null;
  @Column('timestamptz', { nullable: true }) lastLoginAt: Date | null;
  /** Last use in person, accurate to five minutes; null: never. Kept by the trigger `note_last_seen`. */
  @Column({ type: 'timestamptz', nullable: true, insert: false, update: false, select: false })
  lastSeenAt: Date | null;

  /** Kinds of second factors; kept by the triggers `note_second_factor`. */
  @Column({
    type: 'text',
    array: true,
    default: [],
    insert: false,
    update: false,
  })
  secondFactors: string[];

  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @DeleteDateColumn({ type: 'timestamptz' }) deletedAt: Date | null;
  @Column('uuid', { nullable: true }) deletedBy: string | null;
}
