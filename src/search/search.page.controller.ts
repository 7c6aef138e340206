import { Controller, Get, Query } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { May } from '../core/http/access/access.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { Form } from '../core/http/forms/form.js';
import { page, type Page, type PageOptions } from '../core/http/pipeline/answers.js';
import { RateLimit } from '../core/http/security/rate-limit.guard.js';
import { LONGEST, SearchQueryPipe, type SearchQuery } from './search.query.js';
import { SearchResultsService } from './search-results.service.js';

@Controller('search')
@May('search:read')
export class SearchPageController {
  constructor(private readonly results: SearchResultsService) {}

  @Get()
  @RateLimit('search')
  async show(
    @CurrentUser() me: Principal,
    @Query('q', SearchQueryPipe) query: SearchQuery,
  ): Promise<Page> {
    const results = await this.results.resultsFor(me, query);
    const title = query.q === null ? 'search.title' : 'search.title_of';
    const model = { ...results, title, form: formOf(query), longest: LONGEST };
    return page('search/search', model, statusOf(query));
  }

  /** The list of the palette, which script puts into any page. */
  @Get('results')
  @RateLimit('search')
  async list(
    @CurrentUser() me: Principal,
    @Query('q', SearchQueryPipe) query: SearchQuery,
  ): Promise<Page> {
    const results = await this.results.resultsFor(me, query);
    return page('search/results', { ...results, longest: LONGEST }, statusOf(query));
  }
}

function formOf({ typed, isTooLong }: SearchQuery): Form<object> {
  const problem = { field: 'q', key: 'validation.too_long', args: { max: LONGEST } } as const;
  return new Form({}, { q: typed }, isTooLong ? [problem] : []);
}

function statusOf({ isTooLong }: SearchQuery): PageOptions {
  return { status: isTooLong ? 422 : 200 };
}
