import { Controller, Get, Query } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import { AppConfig } from '../core/config/config.js';
import type { Actor } from '../core/context/principal.js';
import { CurrentActor } from '../core/http/access/current-user.js';
import { readQuery, type Query as QueryString } from '../core/http/api/paging.js';
import { ONBOARDED, Operation } from '../core/http/pipeline/operation.js';
import { RateLimit } from '../core/http/security/rate-limit.guard.js';
import { FoundDto, foundDto } from './search.dto.js';
import { LONGEST } from './search.query.js';
import { SearchService } from './search.service.js';

/** The API route of the search: rows only, as pages are for people. */
@ApiTags('Search')
@Controller('api/v1/search')
export class SearchApiController {
  constructor(
    private readonly search: SearchService,
    private readonly config: AppConfig,
  ) {}

  @Get()
  @RateLimit('search')
  @ApiQuery({
    name: 'q',
    description: 'What to find, as in the lists of the kinds',
    schema: { type: 'string', minLength: 1, maxLength: LONGEST },
  })
  @Operation({
    id: 'search',
    summary: 'Find members, projects and whatever may be read',
    answers: [200, FoundDto],
    refusals: [422, 429, ...ONBOARDED],
    scope: 'search:read',
    isTagged: true,
  })
  async find(@CurrentActor() by: Actor, @Query() query: QueryString): Promise<FoundDto> {
    const q = readQuery(query, (read) => read.sought('q', LONGEST));
    return foundDto(await this.search.find(by, q!), this.config.appUrl);
  }
}
