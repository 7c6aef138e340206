import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { retentionRole } from '../core/database/privileged/retention.role.js';

/** Settings of an organisation and defaults of its new members; null clears. */
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

  /** Adds the organisation with the id of the unit of work's tenant; row-level security refuses any other. */
  async add(id: string, organization: string): Promise<void> {
    await this.unitOfWork.execute('INSERT INTO tenant (id, organization) VALUES ($1, $2)', [
      id,
      organization,
    ]);
  }

  /** The current organisation. */
  async current(): Promise<TenantRow> {
    const [row] = await this.unitOfWork.read<TenantRow>({ name: 'current-tenant', text: CURRENT });
    return row!;
  }

  /** The current organisation, locked until the unit of work ends; null when it does not exist. */
  async lock(): Promise<TenantRow | null> {
    const [row] = await this.unitOfWork.query<TenantRow>(`${CURRENT} FOR NO KEY UPDATE OF t`);
    return row ?? null;
  }

  async setActive(isActive: boolean): Promise<void> {
    await this.unitOfWork.execute('UPDATE tenant SET is_active = $1 WHERE id = app_tenant_id()', [
      isActive,
    ]);
  }

  /**
   * Closes the organisation; false when already closed. Triggers cancel its invitations and revoke its keys.
   */
  async close(): Promise<boolean> {
    const closed = await this.unitOfWork.execute(
      'UPDATE tenant SET closed_at = now() WHERE id = app_tenant_id() AND closed_at IS NULL',
    );
    return closed > 0;
  }

  /** Those of the keys that are a logo. */
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
