import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { retentionRole } from '../core/database/privileged/retention.role.js';

/** What an organisation says of itself, and what its new members start with. */
export interface TenantRow {
  organization: string;
  logoKey: string | null;
  /** ISO 4217. */
  currency: string | null;
  /** IANA name. */
  timezone: string | null;
  /** ISO 639-1. */
  language: string | null;
  version: number;
  isActive: boolean;
  createdAt: Date;
}

export interface TenantChange {
  organization: string;
  logoKey: string | null;
  currencyId: number | null;
  timezoneId: number | null;
  languageId: number | null;
}

@Injectable()
export class TenantsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Adds the organisation whose id the unit of work has entered; no other may be written. */
  async add(id: string, organization: string): Promise<void> {
    await this.unitOfWork.execute('INSERT INTO tenant (id, organization) VALUES ($1, $2)', [
      id,
      organization,
    ]);
  }

  /** The organisation in the scope. */
  async current(): Promise<TenantRow> {
    const [row] = await this.unitOfWork.read<TenantRow>({ name: 'current-tenant', text: CURRENT });
    return row!;
  }

  /** The same, locked until the unit of work ends; null when the scope's organisation does not exist. */
  async lock(): Promise<TenantRow | null> {
    const [row] = await this.unitOfWork.query<TenantRow>(`${CURRENT} FOR NO KEY UPDATE OF t`);
    return row ?? null;
  }

  async setActive(isActive: boolean): Promise<void> {
    await this.unitOfWork.execute('UPDATE tenant SET is_active = $1 WHERE id = app_tenant_id()', [
      isActive,
    ]);
  }

  /** False when it is closed already. The database cancels its invitations and revokes its keys. */
  async close(): Promise<boolean> {
    const closed = await this.unitOfWork.execute(
      'UPDATE tenant SET closed_at = now() WHERE id = app_tenant_id() AND closed_at IS NULL',
    );
    return closed > 0;
  }

  /** Those of the keys that are somebody's logo. */
  async logosAmong(keys: string[]): Promise<string[]> {
    const rows = await this.unitOfWork.read<{ key: string }>(
      {
        name: 'logos-among',
        text: 'SELECT logo AS key FROM tenant WHERE logo = ANY ($1)',
        values: [keys],
      },
      retentionRole,
    );
    return rows.map(({ key }) => key);
  }

  async change(change: TenantChange): Promise<void> {
    const { organization, logoKey, currencyId, timezoneId, languageId } = change;
    await this.unitOfWork.execute(
      `UPDATE tenant SET organization = $1, logo = $2, currency_id = $3, timezone_id = $4,
         language_id = $5, version = version + 1
       WHERE id = app_tenant_id()`,
      [organization, logoKey, currencyId, timezoneId, languageId],
    );
  }
}

const CURRENT = `SELECT t.organization, t.logo AS "logoKey", c.code AS currency, z.name AS timezone,
    l.code AS language, t.version, t.is_active AS "isActive",
    t.created_at AS "createdAt"
  FROM tenant t
  LEFT JOIN currency c ON c.id = t.currency_id
  LEFT JOIN timezone z ON z.id = t.timezone_id
  LEFT JOIN language l ON l.id = t.language_id
  WHERE t.id = app_tenant_id()`;
