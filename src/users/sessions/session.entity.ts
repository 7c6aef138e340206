import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import type { Assurance, SessionFlags } from '../../core/context/principal.js';
import { User } from '../user.entity.js';

export type SessionKind = 'browser' | 'api';

/** One signed-in browser or API client. Only the SHA-256 of its token is stored. */
@Entity('session')
// Partial descending index, which TypeORM cannot declare: created by the migration.
@Index('idx_session_user', { synchronize: false })
// Indexes of the back office's sort orders: created by the migration.
@Index('idx_session_by_creation', { synchronize: false })
@Index('idx_session_of_user', { synchronize: false })
@Index('idx_session_acting', { synchronize: false })
@Index('idx_session_acting_session', { synchronize: false })
@Index('idx_session_by_last_seen', { synchronize: false })
export class Session {
  @PrimaryGeneratedColumn('uuid') id: string;

  @Column('uuid') userId: string;
  @ManyToOne(() => User)
  @JoinColumn()
  user: Relation<User>;

  @Column('varchar', { length: 10 }) kind: SessionKind;
  @Column('bytea', { unique: true, select: false }) tokenHash: Buffer;
  @Column('jsonb', { default: {} }) flags: SessionFlags;

  @Column('varchar', { length: 400, nullable: true }) userAgent: string | null;
  @Column('inet', { nullable: true }) ip: string | null;

  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  /** Updated at most once a minute. */
  @Column('timestamptz', { default: () => 'now()' }) lastSeenAt: Date;
  @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;

  /** When the person last proved who they are. */
  @Column('timestamptz', { default: () => 'now()' }) authenticatedAt: Date;
  @Column('smallint', { default: 1 }) assurance: Assurance;
  /** How: `password`, and kinds of second factors. */
  @Column('text', { array: true, default: ['password'] }) methods: string[];

  /** During impersonation: the superuser's own session, with which this one ends. */
  @Column('uuid', { nullable: true }) actingSessionId: string | null;
  @ManyToOne(() => Session, { nullable: true, onDelete: 'CASCADE' })
  @JoinColumn()
  actingSession: Relation<Session> | null;

  @Column('uuid', { nullable: true }) actingStaffId: string | null;
  @ManyToOne(() => User, { nullable: true })
  @JoinColumn()
  actingStaff: Relation<User> | null;

  /** Name at the start of the impersonation. */
  @Column('varchar', { length: 254, nullable: true }) actingStaffName: string | null;
  @Column('varchar', { length: 500, nullable: true }) actingReason: string | null;
  @Column('boolean', { nullable: true }) actingMayWrite: boolean | null;
}
