import {
  Column,
  CreateDateColumn,
  DeleteDateColumn,
  Index,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
} from 'typeorm';

/**
 * Audited data. A trigger (`stamp_audit`) writes the actor columns and `updated_at` from the unit of work, so
 * that no code can forget or forge them.
 */
export abstract class TimeStampedAuditEntity {
  @PrimaryGeneratedColumn('uuid') id: string;

  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @Column({ type: 'uuid', nullable: true, insert: false, update: false })
  createdBy: string | null;

  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
  @Column({ type: 'uuid', nullable: true, insert: false, update: false })
  updatedBy: string | null;

  /** Partial index of inactive rows: nearly every row is active. */
  @Index({ where: 'NOT is_active' })
  @Column('boolean', { default: true })
  isActive: boolean;

  /** Time of soft deletion; TypeORM excludes deleted rows from ordinary queries. */
  @DeleteDateColumn({ type: 'timestamptz' }) deletedAt: Date | null;
  @Column({ type: 'uuid', nullable: true, insert: false, update: false })
  deletedBy: string | null;
}
