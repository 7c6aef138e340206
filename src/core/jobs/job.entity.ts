import { Column, Entity, PrimaryColumn } from 'typeorm';

export const JOB_STATES = [
  'created',
  'retry',
  'active',
  'completed',
  'cancelled',
  'failed',
] as const;

/** A job as pg-boss keeps it. Its table is pg-boss's own: we read it and never make or change it. */
@Entity({ schema: 'pgboss', name: 'job', synchronize: false })
export class Job {
  @PrimaryColumn('uuid') id: string;
  /** The queue. */
  @Column('text') name: string;
  @Column('varchar') state: (typeof JOB_STATES)[number];
  @Column('integer') retryCount: number;
  @Column('integer') retryLimit: number;
  @Column('timestamptz') createdOn: Date;
  /** Not before then. */
  @Column('timestamptz') startAfter: Date;
  @Column('timestamptz', { nullable: true }) startedOn: Date | null;
  @Column('timestamptz', { nullable: true }) completedOn: Date | null;
  @Column('timestamptz') keepUntil: Date;
  /** On whose behalf, and what for. May hold single-use links. */
  @Column('jsonb', { nullable: true }) data: unknown;
  /** What went wrong the last time. */
  @Column('jsonb', { nullable: true }) output: unknown;

  /** Of a job that was given up: the queue it came from, and what went wrong there. */
  @Column('text', { nullable: true }) sourceName: string | null;
  @Column('timestamptz', { nullable: true }) sourceCreatedOn: Date | null;
  @Column('integer', { nullable: true }) sourceRetryCount: number | null;
  @Column('jsonb', { nullable: true }) sourceOutput: unknown;
}
