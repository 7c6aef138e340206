import { Column, Entity, PrimaryColumn } from 'typeorm';

export const EVENT_STATES = ['received', 'done', 'parked'] as const;

/** A notification of a provider as staff see it: the ledger writes it. */
@Entity({ name: 'billing_event', synchronize: false })
export class BillingEvent {
  @PrimaryColumn('uuid') id: string;
  @Column('varchar') provider: string;
  @Column('varchar') eventId: string;
  @Column('varchar') type: string;
  @Column('varchar') objectId: string;
  @Column('varchar', { nullable: true }) customerExternalId: string | null;
  @Column('boolean') isLive: boolean;
  @Column('timestamptz') happenedAt: Date;
  @Column('timestamptz') receivedAt: Date;
  @Column('varchar') state: (typeof EVENT_STATES)[number];
  @Column('integer') attempts: number;
  /** Why it could not be dealt with. */
  @Column('varchar', { nullable: true }) problem: string | null;
  @Column('timestamptz', { nullable: true }) doneAt: Date | null;
}
