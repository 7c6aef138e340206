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

/** Field by field: what it was and what it became. */
export type AuditChanges = Record<string, { from: unknown; to: unknown }>;

/**
 * One thing that was done, by whom, to what, when and from where. Written once: no role may change it,
 * but that address and device are forgotten after some days. Names are as of then.
 */
@Entity('audit_entry')
@Unique(['chain', 'position'])
@Index(['tenantId', 'at', 'id'])
@Index(['tenantId', 'actorId', 'at', 'id'])
@Index(['tenantId', 'action', 'at', 'id'])
@Index(['subjectId', 'at', 'id'])
@Index(['at', 'id'])
// The back office walks it: what one person did, wherever.
@Index('idx_audit_entry_of_actor', { synchronize: false })
// The dashboard: what everybody may read (`isShared` of an action).
@Index('idx_audit_entry_shared', { synchronize: false })
// The daily removal of personal data.
@Index('idx_audit_entry_personal', { synchronize: false })
export class AuditEntry {
  @PrimaryGeneratedColumn('uuid') id: string;

  /**
   * The organisation; without one, a number of up to 64 for the operator's own (0) and for strangers who
   * failed to sign in (256). Its entries count from 1.
   */
  @Column('uuid') chain: string;
  @Column('bigint') position: string;
  /** Null: the operator's own. */
  @Column('uuid', { nullable: true }) tenantId: string | null;
  @ManyToOne('Tenant', { nullable: true })
  @JoinColumn()
  tenant: Relation<object> | null;

  @Column('timestamptz', { default: () => 'clock_timestamp()' }) at: Date;

  @Column('varchar', { length: 10 }) actorKind: ActorKind;
  @Column('uuid', { nullable: true }) actorId: string | null;
  @Column('varchar', { length: 254, nullable: true }) actorName: string | null;
  /** Who really acted, when staff did it on the actor's behalf. */
  @Column('uuid', { nullable: true }) staffId: string | null;
  @Column('varchar', { length: 254, nullable: true }) staffName: string | null;

  @Column('varchar', { length: 60 }) action: string;
  @Column('varchar', { length: 60 }) subjectKind: string;
  @Column('varchar', { length: 60, nullable: true }) subjectId: string | null;
  @Column('varchar', { length: 254, nullable: true }) subjectName: string | null;
  @Column('jsonb', { nullable: true }) changes: AuditChanges | null;

  /** Null also when it has been forgotten, as the device. */
  @Column('inet', { nullable: true }) address: string | null;
  @Column('varchar', { length: 400, nullable: true }) device: string | null;
  @Column('varchar', { length: 64, nullable: true }) requestId: string | null;

  /** Of address and device: what the entry's hash covers instead of them. Null in entries of before. */
  @Column('bytea', { nullable: true, select: false }) personalHash: Buffer | null;
  @Column('bytea', { nullable: true, select: false }) personalSalt: Buffer | null;

  /** SHA-256 of the entry before, and of this one; see the function `audit_hash`. */
  @Column('bytea', { select: false }) previousHash: Buffer;
  @Column('bytea', { select: false }) hash: Buffer;
}
