import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Tenant } from '../../tenants/tenant.entity.js';
import { WebhookEndpoint } from '../endpoints/webhook-endpoint.entity.js';

/** `pending`: waits for its next attempt; `failed`: given up. */
export const DELIVERY_STATES = ['pending', 'sending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** An event on its way to one endpoint: read only, the statements of its repository write it. */
@Entity({ name: 'webhook_delivery', synchronize: false })
export class WebhookDelivery {
  @PrimaryColumn('uuid') id: string;
  @ManyToOne(() => Tenant) @JoinColumn() tenant: Relation<Tenant>;
  @Column('uuid') tenantId: string;
  @ManyToOne(() => WebhookEndpoint)
  @JoinColumn({ name: 'endpoint_id' })
  endpoint: Relation<WebhookEndpoint>;
  @Column('uuid') endpointId: string;
  @Column('uuid') eventId: string;
  @Column('varchar') type: string;
  @Column('varchar') state: DeliveryState;
  @Column('integer') attempts: number;
  @Column('timestamptz') createdAt: Date;
  /** Of a delivery that is being sent: when another worker may try. */
  @Column('timestamptz') nextAttemptAt: Date;
  @Column('timestamptz', { nullable: true }) attemptedAt: Date | null;
  /** HTTP status of the last answer; null where there was none. */
  @Column('integer', { nullable: true }) status: number | null;
  /** Why there was no answer, or `disabled`. */
  @Column('varchar', { nullable: true }) failure: string | null;
  @Column('integer', { nullable: true }) durationMs: number | null;
  /** The first 2 kB of the last answer. */
  @Column('text', { nullable: true, select: false }) answer: string | null;
}
