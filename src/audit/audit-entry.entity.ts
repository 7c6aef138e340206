import {
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';

export type ActorKind = 'person' | 'key' | 'system';

/** Values before and after, by field. */
export type AuditChanges = Record<string, { from: unknown; to: unknown }>;

/**
 * One audit entry: actor, action, subject, time and origin. No role may change it; only address and device
 * are cleared after the retention period. Names are those at the time of the action.
 */
@Entity('audit_entry')
@Unique(['chain', 'position'])
@Index(['tenantId', 'at', 'id'])
@Index(['tenantId', 'actorId', 'at', 'id'])
@Index(['tenantId', 'action', 'at', 'id'])
@Index(['subjectId', 'at', 'id'])
@Index(['at', 'id'])
// Used by the back office: the entries of one actor in all organisations.
@Index('idx_audit_entry_of_actor', { synchronize: false })
@Index('idx_audit_entry_parts', { synchronize: false })
// Used by the dashboard: entries that all members may read (`isShared` of an action).
@Index('idx_audit_entry_shared', { synchronize: false })
// Used by the daily retention of personal data.
@Index('idx_audit_entry_personal', { synchronize: false })
export class AuditEntry {
  @PrimaryGeneratedColumn('uuid') id: string;

  /**
   * The chain: the organisation's id, or a number for entries of no organisation (operator 0–63, failed
   * sign-ins 256–319). Positions count from 1.
   */
  @Column('uuid') chain: string;
  @Column('bigint') position: string;
  /** Null for entries of the operator. */
  @Column('uuid', { nullable: true }) tenantId: string | null;
  // No reference: the trail stays when the organisation is erased.
  @ManyToOne('Tenant', { nullable: true, createForeignKeyConstraints: false })
  @JoinColumn()
  tenant: Relation<object> | null;

  /** Whether all but action, kinds and moment was cleared, with the erasure of the organisation. */
  @Column({ type: 'boolean', default: false, insert: false, update: false, select: false })
  isRedacted: boolean;

  @Column('timestamptz', { default: () => 'clock_timestamp()' }) at: Date;

  @Column('varchar', { length: 10 }) actorKind: ActorKind;
  @Column('uuid', { nullable: true }) actorId: string | null;
  @Column('varchar', { length: 254, nullable: true }) actorName: string | null;
  /** The member of staff who impersonated the actor. */
  @Column('uuid', { nullable: true }) staffId: string | null;
  @Column('varchar', { length: 254, nullable: true }) staffName: string | null;

  @Column('varchar', { length: 60 }) action: string;
  @Column('varchar', { length: 60 }) subjectKind: string;
  @Column('varchar', { length: 60, nullable: true }) subjectId: string | null;
  @Column('varchar', { length: 254, nullable: true }) subjectName: string | null;
  @Column('jsonb', { nullable: true }) changes: AuditChanges | null;

  /** IP address; null when unknown or after the retention period, like the device. */
  @Column('inet', { nullable: true }) address: string | null;
  @Column('varchar', { length: 400, nullable: true }) device: string | null;
  @Column('varchar', { length: 64, nullable: true }) requestId: string | null;

  /** Hash of address and device, which the entry's hash covers instead of them. Null in older entries. */
  @Column('bytea', { nullable: true, select: false }) personalHash: Buffer | null;
  @Column('bytea', { nullable: true, select: false }) personalSalt: Buffer | null;

  /** SHA-256 of the previous entry and of this one; see the function `audit_hash`. */
  @Column('bytea', { select: false }) previousHash: Buffer;
  @Column('bytea', { select: false }) hash: Buffer;
}
