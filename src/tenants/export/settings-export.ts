import { Injectable } from '@nestjs/common';
import type { ExportSource } from '../../core/features/feature.js';
import { TenantsRepository } from '../tenants.repository.js';

/** The settings of the organisation: one row. */
@Injectable()
export class SettingsExport implements ExportSource {
  constructor(private readonly tenants: TenantsRepository) {}

  async *rows() {
    const { organization, currency, timezone, language, createdAt } = await this.tenants.current();
    yield { organization, currency, timezone, language, created_at: createdAt };
  }
}
