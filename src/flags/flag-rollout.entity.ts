import { Column, Entity, PrimaryColumn } from 'typeorm';

export const ROLLOUT_UNITS = ['tenant', 'user'] as const;
export type RolloutUnit = (typeof ROLLOUT_UNITS)[number];

/** A flag that is on for a percentage of organisations or people. */
@Entity('feature_rollout')
export class FlagRollout {
  @PrimaryColumn('varchar', { length: 60 }) flag: string;
  /** 0–100. */
  @Column('smallint') percent: number;
  @Column('varchar', { length: 10 }) unit: RolloutUnit;

  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
  @Column('uuid', { nullable: true }) updatedBy: string | null;
}
