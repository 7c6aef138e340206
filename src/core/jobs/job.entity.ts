import { Column, Entity, PrimaryColumn } from 'typeorm';

export const JOB_STATES = [
  'created',
  'retry',
  'active',
  'completed',
  'cancelled',
  'failed',
] as const;

/** A job as stored by pg-boss, which owns the table: read only. */
@Entity({ schema: 'pgboss', name: 'job', synchronize: false })
export class Job {
  @PrimaryColumn('uuid') id: string;
  /** The queue. */
  @Column('text') name: string;
  @Column('varchar') state: (typeof JOB_STATES)[number];
  @Column('integer') retryCount: number;
  @Column('integer') retryLimit: number;
  @Column('timestamptz') createdOn: Date;
  /** Earliest start. */
  @Column('timestamptz') startAfter: Date;
  @Column('timestamptz', { nullable: true }) startedOn: Date | null;
  @Column('timestamptz', { nullable: true }) completedOn: Date | null;
  @Column('timestamptz') keepUntil: Date;
  /** Context and data of the job. May hold single-use links. */
  @Column('jsonb', { nullable: true }) data: unknown;
  /** Error of the last attempt. */
  @Column('jsonb', { nullable: true }) output: unknown;

  /** Of a dead letter: its original queue and error. */
  @Column('text', { nullable: true }) sourceName: string | null;
  @Column('timestamptz', { nullable: true }) sourceCreatedOn: Date | null;
  @Column('integer', { nullable: true }) sourceRetryCount: number | null;
  @Column('jsonb', { nullable: true }) sourceOutput: unknown;
}
