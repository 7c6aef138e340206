import { Body, Controller, Get, Param, Patch, Query, Req } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Actor } from '../core/context/principal.js';
import { Versioned, ifMatch } from '../core/http/pipeline/etag.js';
import { idParam, isId } from '../core/http/pipeline/id-param.js';
import { jsonPatch } from '../core/http/pipeline/json-body.js';
import { CurrentActor } from '../core/http/access/current-user.js';
import { CHANGE, ONBOARDED, Operation } from '../core/http/pipeline/operation.js';
import {
  PageQuery,
  cursorAfter,
  readQuery,
  type Query as QueryString,
} from '../core/http/api/paging.js';
import type { MemberQuery, MemberRow } from './member-list.js';
import { MembersService } from './members.service.js';
import { MemberChangesDto, MemberDto, MemberListDto, memberDto } from './members.dto.js';
import { WorksReadOnly } from '../core/entitlements/read-only.guard.js';
import { NotSensitive, StepUp } from '../core/http/access/step-up.js';

/** API routes of members, for admins. */
@ApiTags('Members')
@Controller('api/v1/members')
@NotSensitive()
export class MembersApiController {
  constructor(private readonly members: MembersService) {}

  @Get()
  @PageQuery()
  @ApiQuery({
    name: 'q',
    required: false,
    description:
      'Beginnings of the words of a name, or of an address. Then members come by the word they were found by',
  })
  @ApiQuery({ name: 'role', required: false, enum: ['admin', 'member'] })
  @ApiQuery({ name: 'active', required: false, enum: ['true', 'false'] })
  @Operation({
    id: 'listMembers',
    summary: 'List members, by name',
    answers: [200, MemberListDto],
    refusals: [422, ...ONBOARDED],
    scope: 'members:read',
    isTagged: true,
  })
  async list(@CurrentActor() who: Actor, @Query() query: QueryString): Promise<MemberListDto> {
    const found = await this.members.listed(memberQuery(query));
    const items = found.members.map((row) => memberDto(row, who));
    const last = items.at(-1);
    return { items, next_cursor: found.hasNext && last ? cursorAfter(last.id) : null };
  }

  @Get(':id')
  @Operation({
    id: 'getMember',
    summary: 'A member',
    answers: [200, MemberDto],
    refusals: [...ONBOARDED, 404],
    scope: 'members:read',
    isTagged: true,
  })
  async show(@CurrentActor() who: Actor, @Param('id') id: string): Promise<Versioned<MemberDto>> {
    return versioned(await this.members.get(idParam(id)), who);
  }

  @Patch(':id')
  @StepUp({ forBody: ({ role }) => role !== undefined })
  @WorksReadOnly('always', (body) => body.is_active === false && Object.keys(body).length === 1)
  @ApiBody({ type: MemberChangesDto })
  @Operation({
    id: 'updateMember',
    summary: 'Change role or access of a member',
    answers: [200, MemberDto],
    refusals: [...CHANGE, ...ONBOARDED, 404, 409],
    scope: 'members:write',
    isTagged: true,
  })
  async update(
    @CurrentActor() who: Actor,
    @Param('id') id: string,
    @Body(jsonPatch(MemberChangesDto)) { role, is_active }: Partial<MemberChangesDto>,
    @Req() req: Request,
  ): Promise<Versioned<MemberDto>> {
    const changes = {
      ...(role ? { role } : {}),
      ...(is_active === undefined ? {} : { isActive: is_active }),
    };
    return versioned(await this.members.update(who, idParam(id), changes, ifMatch(req)), who);
  }
}

function versioned(member: MemberRow, who: Actor): Versioned<MemberDto> {
  return new Versioned(member.version, memberDto(member, who));
}

function memberQuery(query: QueryString): MemberQuery {
  const { limit, after, q, role, active } = readQuery(query, (read) => ({
    limit: read.limit(),
    after: read.after(isId),
    q: read.search('q', 100),
    role: read.choice('role', ['admin', 'member']),
    active: read.choice('active', ['true', 'false']),
  }));
  return {
    limit,
    ...(after ? { after } : {}),
    ...(q ? { q } : {}),
    ...(role ? { role } : {}),
    ...(active ? { isActive: active === 'true' } : {}),
  };
}
