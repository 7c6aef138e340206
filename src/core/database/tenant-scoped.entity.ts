import { Column, Index } from 'typeorm';
import { TimeStampedAuditEntity } from './time-stamped-audit.entity.js';

/**
 * Business data of one organisation. The repository sets and filters `tenant_id` by the current context;
 * row-level security (`protectTenantTable`) holds even where a query is wrong.
 */
export abstract class TenantScopedEntity extends TimeStampedAuditEntity {
  @Index() @Column({ type: 'uuid', update: false }) tenantId: string;
}
