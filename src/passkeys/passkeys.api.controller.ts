import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Req,
  Res,
} from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { Principal } from '../core/context/principal.js';
import { Access, GateExempt } from '../core/http/access/access.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { NotSensitive, StepUp } from '../core/http/access/step-up.js';
import { Idempotent } from '../core/http/api/idempotency.js';
import { located } from '../core/http/api/located.js';
import { ifMatch, versioned, type Versioned } from '../core/http/pipeline/etag.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { jsonBody, jsonPatch } from '../core/http/pipeline/json-body.js';
import { BODY, CHANGE, Operation, SIGNED_IN } from '../core/http/pipeline/operation.js';
import { RateLimit } from '../core/http/security/rate-limit.guard.js';
import {
  AddedPasskeyDto,
  NewPasskeyDto,
  NewPasskeyRequestDto,
  PasskeyChangesDto,
  PasskeyDto,
  PasskeyListDto,
  PasskeyPatchDto,
  newPasskeyRequestDto,
  passkeyDto,
} from './passkeys.dto.js';
import { PasskeysService } from './passkeys.service.js';

/**
 * API routes of one's own passkeys. Open before onboarding is complete, as their pages, since a required second
 * factor is one of its steps.
 */
@ApiTags('Me')
@Controller('api/v1/me/passkeys')
@Access('self')
@GateExempt()
@StepUp()
export class PasskeysApiController {
  constructor(private readonly passkeys: PasskeysService) {}

  /** All of them: a person has 20 at most. */
  @Get()
  @NotSensitive()
  @Operation({
    id: 'listPasskeys',
    summary: 'One’s passkeys',
    answers: [200, PasskeyListDto],
    refusals: SIGNED_IN,
    isTagged: true,
  })
  async list(@CurrentUser() me: Principal): Promise<PasskeyListDto> {
    return { items: (await this.passkeys.own(me)).map(passkeyDto), next_cursor: null };
  }

  /** Asks for a step-up before an authenticator makes a passkey that would then be refused. */
  @Post('options')
  @Operation({
    id: 'getNewPasskeyOptions',
    summary: 'What is needed to make a passkey',
    answers: [200, NewPasskeyRequestDto],
    refusals: SIGNED_IN,
  })
  @HttpCode(200)
  async options(@CurrentUser() me: Principal): Promise<NewPasskeyRequestDto> {
    return newPasskeyRequestDto(await this.passkeys.options(me));
  }

  @Post()
  @Operation({
    id: 'addPasskey',
    summary: 'Add the passkey that was made; every other session ends',
    answers: [201, AddedPasskeyDto],
    isLocated: true,
    refusals: [...BODY, ...SIGNED_IN, 409, 429],
  })
  @RateLimit('second_factor')
  @Idempotent()
  async add(
    @CurrentUser() me: Principal,
    @Body(jsonBody(NewPasskeyDto)) { name, passkey: proof }: NewPasskeyDto,
    @Res({ passthrough: true }) res: Response,
  ): Promise<AddedPasskeyDto> {
    const { passkey, codes } = await this.passkeys.add(me, name, proof);
    const dto = Object.assign(passkeyDto(passkey), { recovery_codes: codes });
    return located(res, '/api/v1/me/passkeys', dto);
  }

  @Get(':id')
  @NotSensitive()
  @Operation({
    id: 'getPasskey',
    summary: 'A passkey',
    answers: [200, PasskeyDto],
    refusals: [...SIGNED_IN, 404],
    isTagged: true,
  })
  async show(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
  ): Promise<Versioned<PasskeyDto>> {
    return versioned(await this.passkeys.one(me, idParam(id)), passkeyDto);
  }

  @Patch(':id')
  @ApiBody({ type: PasskeyPatchDto })
  @Operation({
    id: 'updatePasskey',
    summary: 'Give a passkey another name',
    answers: [200, PasskeyDto],
    refusals: [...CHANGE, ...SIGNED_IN, 404],
    isTagged: true,
  })
  async rename(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body(jsonPatch(PasskeyChangesDto)) { name }: Partial<PasskeyChangesDto>,
    @Req() req: Request,
  ): Promise<Versioned<PasskeyDto>> {
    const renamed = await this.passkeys.rename(me, idParam(id), name, ifMatch(req));
    return versioned(renamed, passkeyDto);
  }

  @Delete(':id')
  @Operation({
    id: 'removePasskey',
    summary: 'Remove a passkey; every other session ends',
    answers: [204],
    refusals: [...SIGNED_IN, 404, 412],
  })
  @HttpCode(204)
  async remove(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Req() req: Request,
  ): Promise<void> {
    await this.passkeys.remove(me, idParam(id), ifMatch(req));
  }
}
