import { Body, Controller, Delete, Get, HttpCode, Patch, Put, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Actor } from '../core/context/principal.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Versioned, ifMatch } from '../core/http/pipeline/etag.js';
import { jsonPatch } from '../core/http/pipeline/json-body.js';
import { CurrentActor } from '../core/http/access/current-user.js';
import { BODY, CHANGE, ONBOARDED, Operation } from '../core/http/pipeline/operation.js';
import { Upload, UploadedImage } from '../core/http/uploads/upload.js';
import { SettingsDto } from './tenant.dto.js';
import { TenantsService } from './tenants.service.js';
import { TenantPatchDto, TenantSettingsDto, presentSettings } from './tenant-api.dto.js';
import { NotSensitive } from '../core/http/access/step-up.js';

const BINARY = { type: 'string' as const, format: 'binary' };
const PICTURE = {
  description:
    'A picture of at most 2 MiB in JPEG, PNG, WebP, GIF or AVIF format: as it is, or as the field `logo` of a form.',
  required: true,
  content: {
    'image/*': { schema: BINARY },
    'multipart/form-data': {
      schema: { type: 'object' as const, required: ['logo'], properties: { logo: BINARY } },
    },
  },
};

/** API routes of the current organisation. */
@ApiTags('Organisation')
@Controller('api/v1/tenant')
@NotSensitive()
export class TenantApiController {
  constructor(private readonly tenants: TenantsService) {}

  @Get()
  @Operation({
    id: 'getTenant',
    summary: 'The organisation',
    answers: [200, TenantSettingsDto],
    refusals: ONBOARDED,
    isTagged: true,
    scope: 'tenant:read',
  })
  async show(@CurrentActor() who: Actor): Promise<Versioned<TenantSettingsDto>> {
    const settings = await this.tenants.settings();
    return new Versioned(settings.version, presentSettings(who.tenantId!, settings));
  }

  @Patch()
  @ApiBody({ type: TenantPatchDto })
  @Operation({
    id: 'updateTenant',
    summary: 'Change the organisation; for its admins',
    answers: [200, TenantSettingsDto],
    refusals: [...CHANGE, ...ONBOARDED],
    isTagged: true,
    scope: 'tenant:write',
  })
  async update(
    @CurrentActor() who: Actor,
    @Body(jsonPatch(SettingsDto)) changes: Partial<SettingsDto>,
    @Req() req: Request,
  ): Promise<Versioned<TenantSettingsDto>> {
    await this.tenants.update(who, changes, ifMatch(req));
    return this.show(who);
  }

  @Put('logo')
  @Operation({
    id: 'setLogo',
    summary: 'Give the organisation a logo; for its admins',
    reads: PICTURE,
    answers: [200, TenantSettingsDto],
    refusals: [...BODY, ...ONBOARDED],
    scope: 'tenant:write',
  })
  @Upload('logo', { isAlsoBody: true })
  async setLogo(
    @CurrentActor() who: Actor,
    @UploadedImage() logo: Buffer | null,
  ): Promise<TenantSettingsDto> {
    if (!logo) throw new DomainError('invalid', 'validation.required', { field: 'logo' });
    await this.tenants.update(who, { logo });
    return presentSettings(who.tenantId!, await this.tenants.settings());
  }

  @Delete('logo')
  @Operation({
    id: 'removeLogo',
    summary: 'Remove the logo; for admins',
    answers: [204],
    refusals: ONBOARDED,
    scope: 'tenant:write',
  })
  @HttpCode(204)
  removeLogo(@CurrentActor() who: Actor): Promise<void> {
    return this.tenants.update(who, { removeLogo: true });
  }
}
