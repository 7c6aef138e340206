import { Column, Entity, Index, JoinColumn, ManyToOne, type Relation } from 'typeorm';
import { TenantScopedEntity } from '../core/database/tenant-scoped.entity.js';

/** What one member of an organisation is told. The values of its sentence are those of the moment. */
@Entity('notification')
@Index('idx_notification_of_member', ['tenantId', 'memberId', 'createdAt', 'id'])
@Index('idx_notification_by_creation', ['createdAt'])
// Partial indexes, which TypeORM cannot declare: created by the migration.
@Index('idx_notification_unread', { synchronize: false })
@Index('idx_notification_awaits_digest', { synchronize: false })
export class Notification extends TenantScopedEntity {
  @ManyToOne('Tenant')
  @JoinColumn()
  tenant: Relation<object>;

  /** The profile of whom it is told. */
  @Column({ type: 'uuid', update: false }) memberId: string;
  @ManyToOne('UserProfile')
  @JoinColumn([
    { name: 'tenant_id', referencedColumnName: 'tenantId' },
    { name: 'member_id', referencedColumnName: 'id' },
  ])
  member: Relation<object>;

  /** `<subject>.<what happened>`, as a feature declares it. */
  @Column({ type: 'varchar', length: 60, update: false }) kind: string;
  @Column({ type: 'jsonb', update: false }) data: Readonly<Record<string, unknown>>;

  /** Null: not read. */
  @Column('timestamptz', { nullable: true }) readAt: Date | null;
  /** Whether it waits for the daily digest. */
  @Column('boolean', { default: false }) awaitsDigest: boolean;
}
