import { Body, Controller, Get, Patch, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Principal } from '../core/context/principal.js';
import { Access } from '../core/http/access.js';
import { requireMatch } from '../core/http/etag.js';
import { jsonPatch } from '../core/http/json-body.js';
import { Me } from '../core/http/me.js';
import { OrganisationDto } from '../tenants/tenant.dto.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { CHANGE, ONBOARDED, Operation } from './operation.js';
import { TenantDto, TenantPatchDto, presentTenant } from './tenant.dto.js';

/** The organisation of whoever asks. */
@ApiTags('Organisation')
@Controller('api/v1/tenant')
@Access('signed_in')
export class TenantApiController {
  constructor(private readonly tenants: TenantsService) {}

  @Get()
  @Operation({
    id: 'getTenant',
    summary: 'The organisation',
    answers: [200, TenantDto],
    refusals: ONBOARDED,
    isTagged: true,
  })
  show(@Me() me: Principal): TenantDto {
    return presentTenant(me)!;
  }

  @Patch()
  @ApiBody({ type: TenantPatchDto })
  @Operation({
    id: 'updateTenant',
    summary: 'Change the organisation; for its admins',
    answers: [200, TenantDto],
    refusals: [...CHANGE, ...ONBOARDED],
    isTagged: true,
  })
  @Access('admin')
  async update(
    @Me() me: Principal,
    @Body(jsonPatch(OrganisationDto)) changes: Partial<OrganisationDto>,
    @Req() req: Request,
  ): Promise<TenantDto> {
    requireMatch(req, presentTenant(me)!);
    await this.tenants.update(me, changes);
    return presentTenant({ ...me, ...changes })!;
  }
}
