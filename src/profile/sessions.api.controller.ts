import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiParam, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../core/context/principal.js';
import { Access } from '../core/http/access/access.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { presentSession } from '../users/sessions/session.presenter.js';
import { SessionsService } from '../users/sessions/sessions.service.js';
import type { SessionRow } from '../users/sessions/sessions.repository.js';
import { ONBOARDED, Operation } from '../core/http/pipeline/operation.js';

const METHODS = ['password', 'totp', 'recovery_code', 'passkey'];

class SessionDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ enum: ['desktop', 'mobile', 'api'] }) kind: 'desktop' | 'mobile' | 'api';
  @ApiProperty({ type: 'string', nullable: true, example: 'Firefox 145' }) browser: string | null;
  @ApiProperty({ type: 'string', nullable: true, example: 'Windows' }) os: string | null;
  /** Name of an API client, where its User-Agent states one. */
  @ApiProperty({ type: 'string', nullable: true, example: 'curl 8.5.0' }) program: string | null;
  /** The superuser who impersonates the person in this session, if any. */
  @ApiProperty({ type: 'string', nullable: true }) acted_by: string | null;
  /** IP address. */
  @ApiProperty({ type: 'string', nullable: true, example: '203.0.113.7' }) ip: string | null;
  /** What was shown in it, in that order; none while a superuser impersonates. */
  @ApiProperty({ enum: METHODS, isArray: true }) methods: readonly string[];
  @ApiProperty({ format: 'date-time' }) created_at: Date;
  @ApiProperty({ format: 'date-time' }) last_seen_at: Date;
  /** Whether this is the session of the request. */
  @ApiProperty() current: boolean;
}

export class SessionListDto {
  @ApiProperty({ type: [SessionDto] }) items: SessionDto[];
  /** Always null: the list has one page. */
  @ApiProperty({ type: 'string', nullable: true }) next_cursor: string | null;
}

/** API routes of one's own sessions. */
@ApiTags('Me')
@Controller('api/v1/me/sessions')
@Access('self')
@NotSensitive()
export class SessionsApiController {
  constructor(private readonly sessions: SessionsService) {}

  @Get()
  @Operation({
    id: 'listSessions',
    summary: 'Where one is signed in',
    answers: [200, SessionListDto],
    refusals: ONBOARDED,
    isTagged: true,
  })
  async list(@CurrentUser() me: Principal): Promise<SessionListDto> {
    const rows = await this.sessions.listed(me);
    return { items: rows.map((row) => present(row, me)), next_cursor: null };
  }

  @Delete(':id')
  @ApiParam({ name: 'id', schema: { type: 'string', format: 'uuid' } })
  @Operation({
    id: 'endSession',
    summary: 'End one of one’s own sessions',
    answers: [204],
    refusals: [...ONBOARDED, 404],
  })
  @HttpCode(204)
  end(@CurrentUser() me: Principal, @Param('id') id: string): Promise<void> {
    return this.sessions.revoke(idParam(id), me);
  }
}

function present(row: SessionRow, me: Principal): SessionDto {
  const { id, kind, browser, os, program, impersonator, place, methods, lastSeenAt, current } =
    presentSession(row, me.sessionId);
  return {
    id,
    kind,
    browser,
    os,
    program: kind === 'api' ? program : null,
    acted_by: impersonator,
    ip: place,
    methods,
    created_at: row.createdAt,
    last_seen_at: lastSeenAt,
    current,
  };
}
