import { Body, Controller, Get, HttpCode, Patch, Put, Req } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Principal } from '../core/context/principal.js';
import { Access, GateExempt } from '../core/http/access/access.js';
import { NotSensitive, StepUp } from '../core/http/access/step-up.js';
import { ifMatch, type Versioned } from '../core/http/pipeline/etag.js';
import { jsonBody, jsonPatch } from '../core/http/pipeline/json-body.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { RateLimit } from '../core/http/security/rate-limit.guard.js';
import { ChangePasswordDto } from '../users/sign-in/account.dto.js';
import { PasswordService } from '../users/passwords/password.service.js';
import { ProfileChangesDto } from './profile.dto.js';
import { ProfilesService } from './profiles.service.js';
import { BODY, CHANGE, ONBOARDED, Operation, SIGNED_IN } from '../core/http/pipeline/operation.js';
import { MeDto, MePresenter, ProfilePatchDto } from './me.dto.js';

@ApiTags('Me')
@Controller('api/v1/me')
@Access('self')
@NotSensitive()
export class MeApiController {
  constructor(
    private readonly profiles: ProfilesService,
    private readonly passwords: PasswordService,
    private readonly presenter: MePresenter,
  ) {}

  @Get()
  @Operation({
    id: 'getMe',
    summary: 'Who is asking',
    answers: [200, MeDto],
    refusals: SIGNED_IN,
    isTagged: true,
  })
  @GateExempt()
  show(@CurrentUser() me: Principal): Versioned<MeDto> {
    return this.presenter.versioned(me);
  }

  @Patch()
  @ApiBody({ type: ProfilePatchDto })
  @Operation({
    id: 'updateMe',
    summary: 'Change one’s profile',
    answers: [200, MeDto],
    refusals: [...CHANGE, ...ONBOARDED],
    isTagged: true,
  })
  async update(
    @CurrentUser() me: Principal,
    @Body(jsonPatch(ProfileChangesDto)) changes: Partial<ProfileChangesDto>,
    @Req() req: Request,
  ): Promise<Versioned<MeDto>> {
    const { display_name: displayName, marketing_emails: marketingEmails, ...rest } = changes;
    await this.profiles.patch(
      me,
      {
        ...(displayName === undefined ? {} : { displayName }),
        ...(marketingEmails === undefined ? {} : { marketingEmails }),
        ...rest,
      },
      ifMatch(req),
    );
    return this.presenter.presentAnew(me);
  }

  @Put('password')
  @StepUp({ asksPassword: true })
  @Operation({
    id: 'changePassword',
    summary: 'Change one’s password; every other session ends',
    answers: [204],
    refusals: [...BODY, ...ONBOARDED, 429],
  })
  @HttpCode(204)
  @RateLimit('reauthenticate')
  async changePassword(
    @CurrentUser() me: Principal,
    @Body(jsonBody(ChangePasswordDto)) body: ChangePasswordDto,
  ): Promise<void> {
    await this.passwords.change(me, body.current_password, body.new_password);
  }
}
