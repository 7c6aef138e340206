import { Injectable } from '@nestjs/common';
import { AppConfig } from '../core/config/config.js';
import { TenantData, type DataRow, type TenantDataPart } from './tenant-data.js';
import { TenantsRepository } from './tenants.repository.js';

/** What the organisation says of itself. */
@Injectable()
export class SettingsPart implements TenantDataPart {
  readonly name = 'settings';
  readonly columns = ['organization', 'logo', 'currency', 'timezone', 'language', 'created_at'];

  constructor(
    private readonly tenants: TenantsRepository,
    private readonly config: AppConfig,
    data: TenantData,
  ) {
    data.add(this);
  }

  async *rows(): AsyncGenerator<DataRow> {
    const { organization, logoKey, currency, timezone, language, createdAt } =
      await this.tenants.current();
    const logo = logoKey && `${this.config.appUrl}/media/${logoKey}`;
    yield { organization, logo, currency, timezone, language, created_at: createdAt };
  }
}
