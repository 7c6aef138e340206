import {
  Column,
  CreateDateColumn,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';

/** A flag switched on or off for one organisation or person. */
@Entity('feature_override')
@Unique(['flag', 'tenantId'])
@Unique(['flag', 'userId'])
export class FlagOverride {
  @PrimaryGeneratedColumn('uuid') id: string;

  /** Name of the flag; undeclared ones are ignored. */
  @Column('varchar', { length: 60 }) flag: string;

  /** Either this or the person. */
  @Column('uuid', { nullable: true }) tenantId: string | null;
  @ManyToOne('Tenant', { nullable: true })
  @JoinColumn()
  tenant: Relation<object> | null;

  @Column('uuid', { nullable: true }) userId: string | null;
  @ManyToOne('User', { nullable: true })
  @JoinColumn()
  user: Relation<object> | null;

  @Column('boolean') isOn: boolean;

  @CreateDateColumn({ type: 'timestamptz' }) createdAt: Date;
  @Column('uuid', { nullable: true }) createdBy: string | null;
}
