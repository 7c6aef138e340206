import { ApiProperty, PartialType } from '@nestjs/swagger';
import type { Actor } from '../core/context/principal.js';
import { mediaUrl } from '../core/http/pages/shell-builder.js';
import { SettingsDto } from './tenant.dto.js';
import type { TenantRow } from './tenants.repository.js';

/** An organisation as seen by its members. */
export class TenantDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ minLength: 1, maxLength: 200, example: 'Acme' }) organization: string;
  @ApiProperty({
    description: 'Absolute path on this host',
    type: 'string',
    nullable: true,
    example: null,
  })
  logo_url: string | null;
}

/** An organisation with its settings. */
export class TenantSettingsDto extends TenantDto {
  @ApiProperty({ description: 'ISO 4217', type: 'string', nullable: true, example: 'EUR' })
  currency: string | null;
  @ApiProperty({
    description: 'IANA name; default of new members',
    type: 'string',
    nullable: true,
    example: 'Europe/Brussels',
  })
  timezone: string | null;
  @ApiProperty({
    description: 'ISO 639-1; default of new members',
    type: 'string',
    nullable: true,
    example: 'nl',
  })
  language: string | null;
}

/** Body of a PATCH: any of the properties (for the API document). */
export class TenantPatchDto extends PartialType(SettingsDto) {}

export function presentTenant({ tenantId, organization, logoKey }: Actor): TenantDto | null {
  if (!tenantId) return null;
  return { id: tenantId, organization: organization ?? '', logo_url: mediaUrl(logoKey) };
}

export function presentSettings(id: string, row: TenantRow): TenantSettingsDto {
  const { organization, logoKey, currency, timezone, language } = row;
  return { id, organization, logo_url: mediaUrl(logoKey), currency, timezone, language };
}
