import {
  Column,
  CreateDateColumn,
  DeleteDateColumn,
  Index,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
} from 'typeorm';

/**
 * Audited system data. The actor columns and `updated_at` are stamped by the database from the
 * unit of work (trigger `stamp_audit`), so that no path of writing can forget or forge them.
 */
export abstract class TimeStampedAuditEntity {
  @PrimaryGeneratedColumn('uuid') id: string;

  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @Column({ type: 'uuid', nullable: true, insert: false, update: false })
  createdBy: string | null;

  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt: Date;
  @Column({ type: 'uuid', nullable: true, insert: false, update: false })
  updatedBy: string | null;

  /** Nearly every row is active: only the others are worth an index. */
  @Index({ where: 'NOT is_active' })
  @Column('boolean', { default: true })
  isActive: boolean;

  /** A soft-deleted row is in no ordinary query (TypeORM filters on this column). */
  @DeleteDateColumn({ type: 'timestamptz' }) deletedAt: Date | null;
  @Column({ type: 'uuid', nullable: true, insert: false, update: false })
  deletedBy: string | null;
}
