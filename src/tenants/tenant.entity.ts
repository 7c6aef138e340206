import { Column, Entity, Index, JoinColumn, ManyToOne } from 'typeorm';
import { TimeStampedAuditEntity } from '../core/database/time-stamped-audit.entity.js';
import { Currency } from '../reference/currency.entity.js';
import { Language } from '../reference/language.entity.js';
import { Timezone } from '../reference/timezone.entity.js';

/** An organisation: the root everything tenant-scoped belongs to. */
@Entity('tenant')
// The back office walks these: the migration owns them.
@Index('idx_tenant_by_creation', { synchronize: false })
@Index('idx_tenant_by_name', { synchronize: false })
@Index('idx_tenant_inactive', { synchronize: false })
@Index('idx_tenant_logo', { synchronize: false })
export class Tenant extends TimeStampedAuditEntity {
  /** 1–200 characters. */
  @Column('varchar', { length: 200 }) organization: string;

  /** Storage key of the logo image. */
  @Column('varchar', { length: 200, nullable: true }) logo: string | null;

  /** Used by billing. */
  @ManyToOne(() => Currency, { nullable: true })
  @JoinColumn()
  currency: Currency | null;

  /** What new members start with. */
  @ManyToOne(() => Timezone, { nullable: true })
  @JoinColumn()
  timezone: Timezone | null;

  @ManyToOne(() => Language, { nullable: true })
  @JoinColumn()
  language: Language | null;

  /**
   * When its last admin left it with nobody else active. The database closes and re-opens (trigger
   * `close_or_reopen`); a closed one is inactive too.
   */
  @Column('timestamptz', { nullable: true }) closedAt: Date | null;

  /** One more with every change of the settings: a form that was opened before tells itself apart. */
  @Column('integer', { default: 1 }) version: number;
}
