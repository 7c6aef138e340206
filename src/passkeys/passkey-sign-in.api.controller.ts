import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Principal } from '../core/context/principal.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Access, GateExempt } from '../core/http/access/access.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { jsonBody } from '../core/http/pipeline/json-body.js';
import { BODY, Operation, SIGNED_IN } from '../core/http/pipeline/operation.js';
import { clientInfo } from '../core/http/security/client-info.js';
import { RateLimit } from '../core/http/security/rate-limit.guard.js';
import { AccessTokensService } from '../users/access-tokens/access-tokens.service.js';
import { TokensDto, presentTokens } from '../users/access-tokens/tokens.dto.js';
import { SecondFactorSignIn } from '../users/second-factors/second-factor-sign-in.service.js';
import { NewDeviceNotices } from '../users/sign-in/new-device-notices.js';
import { PasskeySignIn } from './passkey-sign-in.service.js';
import {
  PasskeyRequestDto,
  PasskeySignInDto,
  PasskeySignInRequestDto,
  SecondFactorTokenDto,
  passkeyRequestDto,
} from './passkeys.dto.js';
import { WebAuthn } from './webauthn.js';

/**
 * Sign-in by passkey through the API, and the options for a second factor and for a step-up: the answer to those
 * goes to `POST /api/v1/auth/second-factor` and `POST /api/v1/auth/step-up`. Options store nothing, and are counted
 * by no limit; answers are.
 */
@ApiTags('Authentication')
@Controller('api/v1/auth')
@Access('public')
@NotSensitive()
export class PasskeySignInApiController {
  constructor(
    private readonly signIn: PasskeySignIn,
    private readonly secondFactor: SecondFactorSignIn,
    private readonly webauthn: WebAuthn,
    private readonly tokens: AccessTokensService,
    private readonly notices: NewDeviceNotices,
  ) {}

  @Post('passkey/options')
  @Operation({
    id: 'getPasskeySignInOptions',
    summary: 'What is needed to ask for a passkey, before anybody is known',
    answers: [200, PasskeySignInRequestDto],
  })
  @HttpCode(200)
  async forSignIn(): Promise<PasskeySignInRequestDto> {
    const { token, options } = await this.signIn.begin();
    return Object.assign(passkeyRequestDto(options), { token });
  }

  @Post('passkey')
  @Operation({
    id: 'signInWithPasskey',
    summary: 'Sign in with the answer of a passkey',
    answers: [200, TokensDto],
    refusals: [...BODY, 401, 429],
    isOpen: true,
  })
  @HttpCode(200)
  @RateLimit('second_factor')
  async login(
    @Body(jsonBody(PasskeySignInDto)) { token, passkey: proof }: PasskeySignInDto,
    @Req() req: Request,
  ): Promise<TokensDto> {
    const client = clientInfo(req);
    const { session, email } = await this.signIn.signIn({ proof, token }, client);
    await this.notices.tellOfApiClient(email, client, session);
    return presentTokens(await this.tokens.pairFor(session));
  }

  @Post('second-factor/options')
  @Operation({
    id: 'getPasskeySecondFactorOptions',
    summary: 'What is needed to ask for a passkey, as second factor of a sign-in that waits',
    answers: [200, PasskeyRequestDto],
    refusals: [...BODY, 410],
  })
  @HttpCode(200)
  async forSecondFactor(
    @Body(jsonBody(SecondFactorTokenDto)) { token }: SecondFactorTokenDto,
  ): Promise<PasskeyRequestDto> {
    const waiting = await this.secondFactor.inspect('api', token);
    if (!waiting) throw new DomainError('gone', 'users.errors.sign_in_over');
    return passkeyRequestDto(await this.webauthn.requestOptions('second_factor', waiting.id));
  }

  @Post('step-up/options')
  @Operation({
    id: 'getPasskeyStepUpOptions',
    summary: 'What is needed to ask for a passkey, to prove again who one is',
    answers: [200, PasskeyRequestDto],
    refusals: SIGNED_IN,
  })
  @HttpCode(200)
  @Access('self')
  @GateExempt()
  async forStepUp(@CurrentUser() me: Principal): Promise<PasskeyRequestDto> {
    return passkeyRequestDto(await this.webauthn.requestOptions('second_factor', me.sessionId));
  }
}
