import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Tenant } from '../../tenants/tenant.entity.js';

/** A subscription as staff see it: the sync of a customer writes it. */
@Entity({ name: 'subscription', synchronize: false })
export class Subscription {
  @PrimaryColumn('uuid') id: string;
  @ManyToOne(() => Tenant) @JoinColumn() tenant: Relation<Tenant>;
  @Column('uuid') tenantId: string;
  @Column('varchar') provider: string;
  @Column('varchar') externalId: string;
  @Column('varchar') status: string;
  /** The provider's own word. */
  @Column('varchar') rawStatus: string;
  @Column('varchar', { nullable: true }) planKey: string | null;
  @Column('integer', { nullable: true }) planVersion: number | null;
  @Column('varchar') billingInterval: string;
  @Column('integer') quantity: number;
  @Column('varchar') currency: string;
  /** Minor units. */
  @Column('bigint') unitAmount: string;
  @Column('boolean') isLive: boolean;
  @Column('timestamptz') startedAt: Date;
  @Column('timestamptz') currentPeriodEnd: Date;
  @Column('timestamptz', { nullable: true }) trialEndsAt: Date | null;
  @Column('timestamptz', { nullable: true }) cancelAt: Date | null;
  @Column('timestamptz', { nullable: true }) endedAt: Date | null;
  @Column('timestamptz', { nullable: true }) pastDueSince: Date | null;
  @Column('timestamptz') fetchedAt: Date;
}
