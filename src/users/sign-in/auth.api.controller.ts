import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { AppConfig } from '../../core/config/config.js';
import { Access, GateExempt } from '../../core/http/access/access.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import { clientInfo } from '../../core/http/security/client-info.js';
import { Idempotent } from '../../core/http/api/idempotency.js';
import { jsonBody } from '../../core/http/pipeline/json-body.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { AccessTokensService } from '../access-tokens/access-tokens.service.js';
import {
  CredentialsDto,
  RefreshDto,
  RegisterDto,
  ResetConfirmDto,
  ResetRequestDto,
} from './account.dto.js';
import { PasswordService } from '../passwords/password.service.js';
import { sessionOf } from './second-factor-required.js';
import { NewDeviceNotices } from './new-device-notices.js';
import { RegistrationService } from './registration.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { SignInService } from './sign-in.service.js';
import { BODY, Operation, SIGNED_IN } from '../../core/http/pipeline/operation.js';
import { TokensDto, presentTokens } from '../access-tokens/tokens.dto.js';

@ApiTags('Authentication')
@Controller('api/v1/auth')
@Access('public')
@NotSensitive()
export class AuthApiController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly signIn: SignInService,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordService,
    private readonly tokens: AccessTokensService,
    private readonly notices: NewDeviceNotices,
    private readonly config: AppConfig,
  ) {}

  @Post('register')
  @Operation({
    id: 'register',
    summary: 'Make an account',
    answers: [201, TokensDto],
    refusals: [...BODY, 429],
  })
  @RateLimit('register')
  @Idempotent({ isUnique: true })
  async register(
    @Body(jsonBody(RegisterDto)) body: RegisterDto,
    @Req() req: Request,
  ): Promise<TokensDto> {
    const token = await this.registration.register(body, clientInfo(req), 'api');
    return presentTokens(await this.tokens.pairFor(token));
  }

  @Post('login')
  @Operation({
    id: 'login',
    summary: 'Sign in',
    answers: [200, TokensDto],
    refusals: [...BODY, 401, 429],
    isOpen: true,
  })
  @HttpCode(200)
  @RateLimit('sign_in')
  async login(
    @Body(jsonBody(CredentialsDto)) body: CredentialsDto,
    @Req() req: Request,
  ): Promise<TokensDto> {
    const client = clientInfo(req);
    const outcome = await this.signIn.signIn(body, client, 'api');
    const session = sessionOf(outcome, this.config.appUrl);
    await this.notices.tellOfApiClient(body.email, client, session);
    return presentTokens(await this.tokens.pairFor(session));
  }

  @Post('refresh')
  @Operation({
    id: 'refresh',
    summary: 'Exchange a refresh token for the next pair',
    answers: [200, TokensDto],
    refusals: [...BODY, 401, 429],
    isOpen: true,
  })
  @HttpCode(200)
  @RateLimit('refresh')
  async refresh(@Body(jsonBody(RefreshDto)) body: RefreshDto): Promise<TokensDto> {
    return presentTokens(await this.tokens.refresh(body.refresh_token));
  }

  @Post('logout')
  @Operation({ id: 'logout', summary: 'End this session', answers: [204], refusals: SIGNED_IN })
  @HttpCode(204)
  @Access('self')
  @GateExempt()
  logout(): Promise<void> {
    return this.sessions.endCurrent();
  }

  @Post('password-reset')
  @Operation({
    id: 'requestPasswordReset',
    summary: 'Ask for a link to choose a new password',
    answers: [202],
    refusals: [...BODY, 429],
  })
  @HttpCode(202)
  @RateLimit('password_reset')
  requestReset(@Body(jsonBody(ResetRequestDto)) { email }: ResetRequestDto): Promise<void> {
    return this.passwords.requestReset(email);
  }

  @Post('password-reset/confirm')
  @Operation({
    id: 'confirmPasswordReset',
    summary: 'Choose a new password, with the token of the link',
    answers: [204],
    refusals: [...BODY, 410, 429],
  })
  @HttpCode(204)
  @RateLimit('reset_confirm')
  async confirmReset(
    @Body(jsonBody(ResetConfirmDto)) { token, password }: ResetConfirmDto,
  ): Promise<void> {
    await this.passwords.reset(token, password);
  }
}
