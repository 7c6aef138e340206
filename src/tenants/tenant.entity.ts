import { Column, Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import { TimeStampedAuditEntity } from '../core/database/time-stamped-audit.entity.js';
import type { AccessState, EntitlementOverride } from '../core/entitlements/tenant-plan.js';
import { Currency } from '../reference/currency.entity.js';
import { Language } from '../reference/language.entity.js';
import { Timezone } from '../reference/timezone.entity.js';

/** An organisation (tenant), to which all tenant-scoped rows belong. */
@Entity('tenant')
// Indexes of the back office's sort orders: created by the migration.
@Index('idx_tenant_by_creation', { synchronize: false })
@Index('idx_tenant_by_name', { synchronize: false })
@Index('idx_tenant_parts', { synchronize: false })
@Index('idx_tenant_inactive', { synchronize: false })
@Index('idx_tenant_logo', { synchronize: false })
// Closed organisations, by the moment of their erasure.
@Index('idx_tenant_closing', { synchronize: false })
export class Tenant extends TimeStampedAuditEntity {
  /** 1–200 characters. */
  @Column('varchar', { length: 200 }) organization: string;

  /** Storage key of the logo image. */
  @Column('varchar', { length: 200, nullable: true }) logo: string | null;

  /** Used by billing. */
  @ManyToOne(() => Currency, { nullable: true })
  @JoinColumn()
  currency: Currency | null;

  /** Defaults of new members. */
  @ManyToOne(() => Timezone, { nullable: true })
  @JoinColumn()
  timezone: Timezone | null;

  @ManyToOne(() => Language, { nullable: true })
  @JoinColumn()
  language: Language | null;

  /**
   * When it was closed, because its last active member left. The trigger `close_or_reopen` closes and
   * re-opens; a closed organisation is inactive too.
   */
  @Column('timestamptz', { nullable: true }) closedAt: Date | null;

  /**
   * When its admins closed it, which makes it read-only; who did; when it is erased; the days before that of the last
   * mail that said so; and when its erasure began. The role of erasure alone writes the last one.
   */
  @Column('timestamptz', { nullable: true }) closingSince: Date | null;
  @Column('uuid', { nullable: true }) closingBy: string | null;
  @Column('timestamptz', { nullable: true }) eraseAt: Date | null;
  @Column('smallint', { nullable: true }) closingNotice: number | null;
  @Column('timestamptz', { nullable: true }) erasingSince: Date | null;

  /** The day from which its people need a second factor (UTC); null: it is optional. */
  @Column('date', { nullable: true }) secondFactorFrom: string | null;

  /** Since when it has sample data; null: it has none. */
  @Column('timestamptz', { nullable: true }) sampleDataSince: Date | null;

  /** What it bought, and what it may do: only the role of billing writes these (see `TenantPlan`). */
  @Column('varchar', { length: 20, default: 'free' }) accessState: AccessState;
  @Column('timestamptz', { nullable: true }) accessUntil: Date | null;
  @Column('varchar', { length: 40, nullable: true }) planKey: string | null;
  @Column('integer', { nullable: true }) planVersion: number | null;
  @Column('integer', { nullable: true }) seats: number | null;
  @Column('jsonb', { default: {} }) entitlementOverrides: Record<string, EntitlementOverride>;

  /** Optimistic lock: incremented by every change of the settings. */
  @Column('integer', { default: 1 }) version: number;
}
