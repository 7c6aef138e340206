import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Principal } from '../../core/context/principal.js';
import { Access, GateExempt } from '../../core/http/access/access.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { jsonBody } from '../../core/http/pipeline/json-body.js';
import { BODY, Operation, SIGNED_IN } from '../../core/http/pipeline/operation.js';
import { clientInfo } from '../../core/http/security/client-info.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { AccessTokensService } from '../access-tokens/access-tokens.service.js';
import { TokensDto, presentTokens } from '../access-tokens/tokens.dto.js';
import type { Proofs } from './second-factors.js';
import { NewDeviceNotices } from '../sign-in/new-device-notices.js';
import { SecondFactorSignIn } from './second-factor-sign-in.service.js';
import { SecondFactorDto, StepUpDto } from './second-factor.forms.js';
import { StepUpService } from './step-up.service.js';

@ApiTags('Authentication')
@Controller('api/v1/auth')
@Access('public')
@NotSensitive()
export class SecondFactorApiController {
  constructor(
    private readonly secondFactor: SecondFactorSignIn,
    private readonly stepUp: StepUpService,
    private readonly tokens: AccessTokensService,
    private readonly notices: NewDeviceNotices,
  ) {}

  @Post('second-factor')
  @Operation({
    id: 'showSecondFactor',
    summary: 'Complete a sign-in that was refused with `second-factor-required`',
    answers: [200, TokensDto],
    refusals: [...BODY, 401, 410, 429],
    isOpen: true,
  })
  @HttpCode(200)
  @RateLimit('second_factor')
  async complete(
    @Body(jsonBody(SecondFactorDto)) { token, ...proofs }: SecondFactorDto,
    @Req() req: Request,
  ): Promise<TokensDto> {
    const client = clientInfo(req);
    const { session, email } = await this.secondFactor.complete('api', token, proofs, client);
    await this.notices.tellOfApiClient(email, client, session);
    return presentTokens(await this.tokens.pairFor(session));
  }

  @Post('step-up')
  @Operation({
    id: 'stepUp',
    summary: 'Prove again who one is, before what answers `step-up-required`',
    answers: [204],
    refusals: [...BODY, ...SIGNED_IN, 429],
  })
  @HttpCode(204)
  @Access('self')
  @GateExempt()
  @RateLimit('second_factor')
  async confirm(
    @CurrentUser() me: Principal,
    @Body(jsonBody(StepUpDto)) proofs: StepUpDto,
  ): Promise<void> {
    await this.stepUp.confirm(me, proofs as Proofs);
  }
}
