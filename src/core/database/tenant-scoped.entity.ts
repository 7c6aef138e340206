import { Column, Index } from 'typeorm';
import { TimeStampedAuditEntity } from './time-stamped-audit.entity.js';

/**
 * Business data of one organisation. The repository stamps and filters `tenant_id` from the
 * running scope; row-level security (`protectTenantTable`) holds even where a query is wrong.
 */
export abstract class TenantScopedEntity extends TimeStampedAuditEntity {
  @Index() @Column({ type: 'uuid', update: false }) tenantId: string;
}
