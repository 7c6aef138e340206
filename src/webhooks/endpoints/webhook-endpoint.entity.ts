import {
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  Unique,
  VersionColumn,
  type Relation,
} from 'typeorm';
import { TenantScopedEntity } from '../../core/database/tenant-scoped.entity.js';
import { requireSeen, type SeenVersions } from '../../core/database/version.js';
import { Tenant } from '../../tenants/tenant.entity.js';

/** Why nothing is sent: somebody switched it off, it answered 410, or it failed for 72 hours. */
export const DISABLED_REASONS = ['person', 'gone', 'failing'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

/** What people choose of an endpoint. */
export interface WebhookEndpointDetails {
  /** https, at most 2,000 characters. */
  url: string;
  /** At most 200 characters on one line. */
  description: string | null;
  /** Types of events, at least one. */
  events: string[];
}

/** What people are told of an address: its path may hold a secret of the receiver. */
export function hostOf(url: string): string {
  return URL.parse(url)?.host ?? '';
}

/** An address of the organisation's own that events are sent to. */
@Entity('webhook_endpoint')
@Unique(['tenantId', 'id'])
// Partial and expression indexes, which TypeORM cannot declare: created by the migration.
@Index('uq_webhook_endpoint_url', { synchronize: false })
@Index('idx_webhook_endpoint_of_all_by_creation', { synchronize: false })
@Index('idx_webhook_endpoint_of_all_by_url', { synchronize: false })
@Index('idx_webhook_endpoint_of_tenant', { synchronize: false })
@Index('idx_webhook_endpoint_deleted', { synchronize: false })
export class WebhookEndpoint extends TenantScopedEntity implements WebhookEndpointDetails {
  @ManyToOne(() => Tenant)
  @JoinColumn()
  tenant: Relation<Tenant>;

  @Column('varchar', { length: 2000 }) url: string;
  @Column('varchar', { length: 200, nullable: true }) description: string | null;
  @Column('text', { array: true }) events: string[];

  /** Encrypted for this endpoint's id. */
  @Column('bytea', { select: false }) secret: Buffer;
  /** Signs as well until that time, so that receivers can change over. */
  @Column('bytea', { nullable: true, select: false }) previousSecret: Buffer | null;
  @Column('timestamptz', { nullable: true }) previousSecretUntil: Date | null;

  @Column('timestamptz', { nullable: true }) disabledAt: Date | null;
  @Column('varchar', { length: 20, nullable: true }) disabledReason: DisabledReason | null;

  /** Since when no attempt has succeeded, and how many have failed since. */
  @Column('timestamptz', { nullable: true }) failingSince: Date | null;
  @Column('integer', { default: 0 }) failures: number;
  /** How many mails have told admins of that. */
  @Column('integer', { default: 0 }) notices: number;

  /** Optimistic lock: incremented by every change of people. */
  @VersionColumn() version: number;

  /** A new one, which is enabled. `secret`: encrypted for the id. */
  static of(id: string, details: WebhookEndpointDetails, secret: Buffer): WebhookEndpoint {
    const endpoint = Object.assign(new WebhookEndpoint(), { id, ...details, secret });
    endpoint.previousSecretUntil = null;
    endpoint.enable();
    return endpoint;
  }

  get details(): WebhookEndpointDetails {
    const { url, description, events } = this;
    return { url, description, events };
  }

  /** @throws DomainError `stale` when changed since these versions */
  requireSeen(seen: SeenVersions): void {
    requireSeen(this, seen, 'webhooks.errors.stale');
  }

  disable(reason: DisabledReason, at: Date): void {
    this.disabledAt = at;
    this.disabledReason = reason;
  }

  /** Starts anew: what failed before counts no more. */
  enable(): void {
    Object.assign(this, { disabledAt: null, disabledReason: null });
    Object.assign(this, { failingSince: null, failures: 0, notices: 0 });
  }
}
