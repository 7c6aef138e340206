import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { AppConfig } from '../../core/config/config.js';
import type { Actor } from '../../core/context/principal.js';
import { currentContext } from '../../core/context/request-context.js';
import { Access } from '../../core/http/access/access.js';
import { NotSensitive, StepUp } from '../../core/http/access/step-up.js';
import { clientInfo } from '../../core/http/security/client-info.js';
import { Idempotent } from '../../core/http/api/idempotency.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { jsonBody } from '../../core/http/pipeline/json-body.js';
import { CurrentActor } from '../../core/http/access/current-user.js';
import { BODY, ONBOARDED, Operation } from '../../core/http/pipeline/operation.js';
import {
  PageQuery,
  cursorAfter,
  isTextKey,
  readQuery,
  type Query as QueryString,
} from '../../core/http/api/paging.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { AcceptanceService } from './acceptance.service.js';
import { AccessTokensService } from '../../users/access-tokens/access-tokens.service.js';
import { InvitationsService } from './invitations.service.js';
import {
  AcceptInvitationDto,
  InvitationDto,
  InvitationListDto,
  InviteDto,
  invitationDto,
} from './invitations.dto.js';
import { sessionOf } from '../../users/sign-in/second-factor-required.js';
import { TokensDto, presentTokens } from '../../users/access-tokens/tokens.dto.js';

/** API routes of invitations. */
@ApiTags('Invitations')
@Controller('api/v1/invitations')
@NotSensitive()
export class InvitationsApiController {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly acceptance: AcceptanceService,
    private readonly tokens: AccessTokensService,
    private readonly config: AppConfig,
  ) {}

  @Get()
  @PageQuery()
  @ApiQuery({ name: 'q', required: false, description: 'Part of an address' })
  @Operation({
    id: 'listInvitations',
    summary: 'List the invitations nobody has answered, by address',
    answers: [200, InvitationListDto],
    refusals: [422, ...ONBOARDED],
    scope: 'invitations:read',
    isTagged: true,
  })
  async list(@Query() query: QueryString): Promise<InvitationListDto> {
    const asked = readQuery(query, (read) => ({
      q: read.search('q', 100) ?? '',
      limit: read.limit(),
      after: read.after(isTextKey) ?? '',
    }));
    const found = await this.invitations.pending(asked);
    const items = found.invitations.map(invitationDto);
    const last = items.at(-1);
    return { items, next_cursor: found.hasNext && last ? cursorAfter(last.email) : null };
  }

  @Post()
  @StepUp({ forBody: ({ role }) => role === 'admin' })
  @Operation({
    id: 'createInvitation',
    summary:
      'Invite somebody; a link is mailed to them. Where the plan is paid by the seat, whoever accepts takes one',
    answers: [201, InvitationDto],
    refusals: [...BODY, ...ONBOARDED, 429],
    scope: 'invitations:write',
  })
  @RateLimit('invitation')
  @Idempotent()
  async create(
    @CurrentActor() who: Actor,
    @Body(jsonBody(InviteDto)) { email, role }: InviteDto,
  ): Promise<InvitationDto> {
    return invitationDto(await this.invitations.inviteAddress(who, email, role));
  }

  @Post(':id/resend')
  @Operation({
    id: 'resendInvitation',
    summary: 'Mail a new link; the old one opens nothing any more',
    answers: [200, InvitationDto],
    refusals: [...ONBOARDED, 404, 409, 429],
    scope: 'invitations:write',
  })
  @HttpCode(200)
  @RateLimit('invitation')
  async resend(@CurrentActor() who: Actor, @Param('id') id: string): Promise<InvitationDto> {
    await this.invitations.resend(who, idParam(id));
    return invitationDto(await this.invitations.get(idParam(id)));
  }

  @Delete(':id')
  @Operation({
    id: 'cancelInvitation',
    summary: 'Take an invitation back',
    answers: [204],
    refusals: [...ONBOARDED, 404, 409],
    scope: 'invitations:write',
    worksReadOnly: true,
  })
  @HttpCode(204)
  async cancel(@CurrentActor() who: Actor, @Param('id') id: string): Promise<void> {
    await this.invitations.cancel(who, idParam(id));
  }

  @Post('accept')
  @Operation({
    id: 'acceptInvitation',
    summary: 'Join, with a new account, the one signed in, or the one whose password is sent',
    answers: [200, TokensDto],
    refusals: [...BODY, 401, 410, 429],
    isForBoth: true,
  })
  @HttpCode(200)
  @Access('public')
  @RateLimit('acceptance')
  @Idempotent({ isUnique: true })
  async accept(
    @Body(jsonBody(AcceptInvitationDto)) { token, password }: AcceptInvitationDto,
    @Req() req: Request,
  ): Promise<TokensDto> {
    const { principal } = currentContext();
    const outcome = await this.acceptance.acceptViaApi(token, password, principal, clientInfo(req));
    return presentTokens(await this.tokens.pairFor(sessionOf(outcome, this.config.appUrl)));
  }
}
