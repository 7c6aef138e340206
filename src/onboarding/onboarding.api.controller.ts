import { Body, Controller, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../core/context/principal.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Access, GateExempt } from '../core/http/access/access.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { Idempotent } from '../core/http/api/idempotency.js';
import { jsonBody } from '../core/http/pipeline/json-body.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { OrganisationDto } from '../tenants/tenant.dto.js';
import { MembershipsService } from '../members/memberships.service.js';
import { PersonalDetailsDto } from '../profile/profile.dto.js';
import { ProfilesService } from '../profile/profiles.service.js';
import { BODY, Operation, SIGNED_IN } from '../core/http/pipeline/operation.js';
import { MeDto, MePresenter } from '../profile/me.dto.js';

/** API routes of the onboarding steps. Each answers with the current user. */
@ApiTags('Onboarding')
@Controller('api/v1/onboarding')
@Access('self')
@GateExempt()
@NotSensitive()
export class OnboardingApiController {
  constructor(
    private readonly profiles: ProfilesService,
    private readonly memberships: MembershipsService,
    private readonly presenter: MePresenter,
  ) {}

  @Put('profile')
  @Operation({
    id: 'completeProfile',
    summary: 'Step 1: say who you are',
    answers: [200, MeDto],
    refusals: [...BODY, ...SIGNED_IN],
  })
  async completeProfile(
    @CurrentUser() me: Principal,
    @Body(jsonBody(PersonalDetailsDto)) { display_name, timezone, country }: PersonalDetailsDto,
  ): Promise<MeDto> {
    await this.profiles.complete(me, { displayName: display_name, timezone, country });
    return (await this.presenter.presentAnew(me)).body;
  }

  @Post('tenant')
  @Operation({
    id: 'createTenant',
    summary: 'Step 2: make an organisation',
    answers: [201, MeDto],
    refusals: [...BODY, ...SIGNED_IN],
  })
  @Idempotent()
  async createTenant(
    @CurrentUser() me: Principal,
    @Body(jsonBody(OrganisationDto)) { organization }: OrganisationDto,
  ): Promise<MeDto> {
    const outcome = await this.memberships.createOrganisation(me, organization);
    if (outcome === 'belongs') throw new DomainError('conflict', 'members.errors.you_belong');
    if (outcome === 'unverified') {
      throw new DomainError('conflict', 'errors.onboarding_required');
    }
    return (await this.presenter.presentAnew(me)).body;
  }
}
