import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The record of an erasure: it names nobody. */
@Entity('organisation_erasure')
@Index('idx_organisation_erasure_by_start', { synchronize: false })
export class OrganisationErasure {
  /** The id the organisation had. */
  @PrimaryColumn('uuid') id: string;
  @Column('timestamptz') closedAt: Date;
  /** Id of the account that closed it. */
  @Column('uuid', { nullable: true }) closedBy: string | null;
  @Column('timestamptz', { default: () => 'now()' }) startedAt: Date;
  /** Null while it is under way. */
  @Column('timestamptz', { nullable: true }) finishedAt: Date | null;
  /** Greater than 1 when it was interrupted. */
  @Column('integer', { default: 0 }) attempt: number;
  /** Numbers of removed or redacted rows, by table. */
  @Column('jsonb', { default: {} }) removed: Record<string, number>;
  @Column('bigint', { default: 0 }) rowCount: string;
  @Column('integer', { default: 0 }) fileCount: number;
  /** Keys of files that are still to be removed from the storage. */
  @Column('text', { array: true, default: {}, select: false }) pendingFiles: string[];
  /** Numbers of what stays: people with their accounts, invoices. */
  @Column('jsonb', { default: {} }) kept: Record<string, number>;
}
