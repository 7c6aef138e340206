import { Column, Entity, JoinColumn, ManyToOne, type Relation, Unique } from 'typeorm';
import { TenantScopedEntity } from '../../core/database/tenant-scoped.entity.js';
import type { Channel } from './channels.js';

/** How a member wants to be told. There is none for members who have chosen nothing. */
@Entity('notification_preference')
@Unique(['tenantId', 'memberId'])
export class NotificationPreference extends TenantScopedEntity {
  @ManyToOne('Tenant')
  @JoinColumn()
  tenant: Relation<object>;

  /** The profile of whose choices they are. */
  @Column({ type: 'uuid', update: false }) memberId: string;
  @ManyToOne('UserProfile')
  @JoinColumn([
    { name: 'tenant_id', referencedColumnName: 'tenantId' },
    { name: 'member_id', referencedColumnName: 'id' },
  ])
  member: Relation<object>;

  /** By kind. Kinds that are absent are told in the app. */
  @Column('jsonb', { default: {} }) channels: Readonly<Record<string, Channel>>;
  /** The day, in the member's time zone, of the latest digest. */
  @Column('date', { nullable: true }) digestedOn: string | null;
}
