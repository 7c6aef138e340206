import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../core/context/principal.js';
import { WorksClosed } from '../core/entitlements/read-only.guard.js';
import { DomainError } from '../core/errors/domain-error.js';
import { May } from '../core/http/access/access.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { NotSensitive, StepUp } from '../core/http/access/step-up.js';
import { jsonBody } from '../core/http/pipeline/json-body.js';
import { BODY, ONBOARDED, Operation } from '../core/http/pipeline/operation.js';
import { ClosureDto, presentClosure } from './closure.dto.js';
import { ClosureForm } from './closure.forms.js';
import { ClosureService } from './closure.service.js';

/** Closing of the organisation, for its admins in person: no API key can do it. */
@ApiTags('Organisation')
@Controller('api/v1/tenant/closure')
@May('closure:read')
@NotSensitive()
export class ClosureApiController {
  constructor(private readonly closures: ClosureService) {}

  @Get()
  @Operation({
    id: 'getClosure',
    summary: 'When the organisation was closed, and when it is erased; 404 while it is open',
    answers: [200, ClosureDto],
    refusals: [...ONBOARDED, 404],
  })
  async show(): Promise<ClosureDto> {
    const closure = await this.closures.current();
    if (!closure) throw new DomainError('not_found', 'errors.not_found');
    return presentClosure(closure);
  }

  @Post()
  @May('closure:write')
  @StepUp()
  @WorksClosed()
  @ApiBody({ type: ClosureForm })
  @Operation({
    id: 'closeOrganization',
    summary: 'Close the organisation: read-only for 30 days, then erased; for its admins',
    answers: [200, ClosureDto],
    refusals: [...BODY, ...ONBOARDED],
    worksReadOnly: true,
  })
  @HttpCode(200)
  async close(
    @CurrentUser() me: Principal,
    @Body(jsonBody(ClosureForm)) { organization }: ClosureForm,
  ): Promise<ClosureDto> {
    await this.closures.close(me, organization);
    return this.show();
  }

  @Delete()
  @May('closure:write')
  @WorksClosed()
  @Operation({
    id: 'reopenOrganization',
    summary: 'Reopen the organisation before it is erased; for its admins',
    answers: [204],
    refusals: ONBOARDED,
    worksReadOnly: true,
  })
  @HttpCode(204)
  reopen(@CurrentUser() me: Principal): Promise<void> {
    return this.closures.reopen(me);
  }
}
