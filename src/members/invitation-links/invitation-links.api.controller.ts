import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../core/context/principal.js';
import { CurrentActor } from '../../core/http/access/current-user.js';
import { NotSensitive, StepUp } from '../../core/http/access/step-up.js';
import { Idempotent } from '../../core/http/api/idempotency.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { jsonBody } from '../../core/http/pipeline/json-body.js';
import { BODY, ONBOARDED, Operation } from '../../core/http/pipeline/operation.js';
import {
  InvitationLinkListDto,
  InvitationLinkUrlDto,
  invitationLinkDto,
} from './invitation-links.dto.js';
import { InvitationLinkForm } from './invitation-links.forms.js';
import { InvitationLinksService } from './invitation-links.service.js';

/** API routes of invitation links. */
@ApiTags('Invitations')
@Controller('api/v1/invitation-links')
@NotSensitive()
export class InvitationLinksApiController {
  constructor(private readonly links: InvitationLinksService) {}

  @Get()
  @Operation({
    id: 'listInvitationLinks',
    summary: 'List the invitation links, the latest 100 first',
    answers: [200, InvitationLinkListDto],
    refusals: [...ONBOARDED],
    scope: 'invitations:read',
    isTagged: true,
  })
  async list(): Promise<InvitationLinkListDto> {
    return { items: (await this.links.listed()).map(invitationLinkDto) };
  }

  @Post()
  @StepUp({ forBody: ({ role }) => role === 'admin' })
  @Operation({
    id: 'createInvitationLink',
    summary:
      'Make an invitation link; its address is answered this once. Whoever opens it proves an address by mail first',
    answers: [201, InvitationLinkUrlDto],
    refusals: [...BODY, ...ONBOARDED, 409],
    scope: 'invitations:write',
  })
  @Idempotent()
  async create(
    @CurrentActor() who: Actor,
    @Body(jsonBody(InvitationLinkForm))
    { role, domains, max_uses: maxUses, days }: InvitationLinkForm,
  ): Promise<InvitationLinkUrlDto> {
    const { link, url } = await this.links.create(who, { role, domains, maxUses, days });
    return Object.assign(invitationLinkDto(link), { url });
  }

  @Delete(':id')
  @Operation({
    id: 'revokeInvitationLink',
    summary: 'Revoke a link, and the invitations that were asked for through it',
    answers: [204],
    refusals: [...ONBOARDED, 404],
    scope: 'invitations:write',
    worksReadOnly: true,
  })
  @HttpCode(204)
  async revoke(@CurrentActor() who: Actor, @Param('id') id: string): Promise<void> {
    await this.links.revoke(who, idParam(id));
  }
}
