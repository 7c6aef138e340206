import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../core/context/principal.js';
import { May } from '../../core/http/access/access.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { StepUp } from '../../core/http/access/step-up.js';
import { jsonBody } from '../../core/http/pipeline/json-body.js';
import { BODY, ONBOARDED, Operation } from '../../core/http/pipeline/operation.js';
import { HandOverForm } from './hand-over.forms.js';
import { HandOver } from './hand-over.service.js';

/** Hands the organisation over; for its admins in person, as an API key is no member. */
@ApiTags('Organisation')
@Controller('api/v1/tenant/hand-over')
@May('hand_over:write')
export class HandOverApiController {
  constructor(private readonly handing: HandOver) {}

  @Post()
  @StepUp()
  @ApiBody({ type: HandOverForm })
  @Operation({
    id: 'handOverOrganization',
    summary: 'Make another member admin and become a member; for admins in person',
    answers: [204],
    refusals: [...BODY, ...ONBOARDED],
    worksReadOnly: true,
  })
  @HttpCode(204)
  handOver(
    @CurrentUser() me: Principal,
    @Body(jsonBody(HandOverForm)) { member_id }: HandOverForm,
  ): Promise<void> {
    return this.handing.handOver(me, member_id);
  }
}
