import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Tenant } from '../../tenants/tenant.entity.js';

/** What staff decided for one organisation beside its plan. */
@Entity({ name: 'entitlement_override', synchronize: false })
export class EntitlementOverrideEntity {
  @PrimaryColumn('uuid') id: string;
  @ManyToOne(() => Tenant) @JoinColumn() tenant: Relation<Tenant>;
  @Column('uuid') tenantId: string;
  @Column('varchar') entitlement: string;
  /** A feature: 0 is off, 1 is on. A limit: how many; null: without end. */
  @Column('integer', { nullable: true }) amount: number | null;
  @Column('timestamptz', { nullable: true }) until: Date | null;
  @Column('varchar') reason: string;
  @Column('timestamptz') createdAt: Date;
  /** One more with each decision. */
  @Column('integer') version: number;
}
