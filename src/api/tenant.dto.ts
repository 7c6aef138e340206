import { ApiProperty, PartialType } from '@nestjs/swagger';
import type { Principal } from '../core/context/principal.js';
import { mediaUrl } from '../core/http/shell-builder.js';
import { OrganisationDto } from '../tenants/tenant.dto.js';

/** An organisation, as its members see it. */
export class TenantDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ minLength: 1, maxLength: 200 }) organization: string;
  /** Path on this host. */
  @ApiProperty({ type: 'string', nullable: true }) logo_url: string | null;
}

/** The body of a change: any of these, for the document. */
export class TenantPatchDto extends PartialType(OrganisationDto) {}

export function presentTenant({ tenantId, organization, logoKey }: Principal): TenantDto | null {
  if (!tenantId) return null;
  return { id: tenantId, organization: organization ?? '', logo_url: mediaUrl(logoKey) };
}
