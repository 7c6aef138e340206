import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Tenant } from '../../tenants/tenant.entity.js';

/** An invoice as staff see it: the sync of a customer writes it. Amounts are minor units. */
@Entity({ name: 'invoice', synchronize: false })
export class Invoice {
  @PrimaryColumn('uuid') id: string;
  @ManyToOne(() => Tenant, { createForeignKeyConstraints: false })
  @JoinColumn()
  tenant: Relation<Tenant>;
  @Column('uuid') tenantId: string;
  @Column('varchar') provider: string;
  @Column('varchar') externalId: string;
  /** Staff see those that have one. */
  @Column('varchar') number: string;
  @Column('varchar') status: string;
  @Column('timestamptz', { nullable: true }) issuedAt: Date | null;
  @Column('timestamptz', { nullable: true }) dueAt: Date | null;
  @Column('timestamptz', { nullable: true }) paidAt: Date | null;
  @Column('varchar') currency: string;
  @Column('bigint') net: string;
  @Column('bigint') vat: string;
  @Column('bigint') total: string;
  @Column('integer') attempts: number;
  @Column('timestamptz', { nullable: true }) nextAttemptAt: Date | null;
  @Column('timestamptz') fetchedAt: Date;
}
