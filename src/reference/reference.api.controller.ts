import { applyDecorators, Controller, Get, Query, Res } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { currentContext } from '../core/context/request-context.js';
import { Access } from '../core/http/access/access.js';
import {
  PageQuery,
  badCursor,
  cursorAfter,
  readQuery,
  type Query as QueryString,
} from '../core/http/api/paging.js';
import { ReferenceRepository } from './reference.repository.js';

import { Operation } from '../core/http/pipeline/operation.js';
import {
  CountryListDto,
  CurrencyListDto,
  LanguageListDto,
  TimezoneListDto,
} from './reference.dto.js';

/** Above the size of every list: all rows fit in one page. */
const MAX_LIMIT = 10_000;
const HOUR = 3_600;

/**
 * API routes of reference data (ISO 3166-1, ISO 639, ISO 4217, IANA zones), named and sorted in the language
 * of the request. `?country=BE` filters by country.
 */
@ApiTags('Reference')
@Controller('api/v1/reference')
@Access('public')
export class ReferenceApiController {
  constructor(private readonly reference: ReferenceRepository) {}

  @Get('countries')
  @ListQuery()
  @Operation({
    id: 'listCountries',
    summary: 'List countries',
    answers: [200, CountryListDto],
    refusals: [422],
    isTagged: true,
    scope: 'public',
  })
  async countries(
    @Query() query: QueryString,
    @Res({ passthrough: true }) res: Response,
  ): Promise<CountryListDto> {
    const asked = listQuery(query);
    const rows = await this.reference.countries(currentContext().locale, asked.filter);
    const items = rows.map(({ code, code3, numeric, name }) => ({ code, code3, numeric, name }));
    return cacheable(
      res,
      pageOf(items, asked, ({ code }) => code),
    );
  }

  @Get('languages')
  @ListQuery()
  @Operation({
    id: 'listLanguages',
    summary: 'List languages',
    answers: [200, LanguageListDto],
    refusals: [422],
    isTagged: true,
    scope: 'public',
  })
  async languages(
    @Query() query: QueryString,
    @Res({ passthrough: true }) res: Response,
  ): Promise<LanguageListDto> {
    const asked = listQuery(query);
    const rows = await this.reference.languages(currentContext().locale, asked.filter);
    const items = rows.map(({ code, name }) => ({ code, name }));
    return cacheable(
      res,
      pageOf(items, asked, ({ code }) => code),
    );
  }

  @Get('timezones')
  @ListQuery()
  @Operation({
    id: 'listTimezones',
    summary: 'List time zones',
    answers: [200, TimezoneListDto],
    refusals: [422],
    isTagged: true,
    scope: 'public',
  })
  async timezones(
    @Query() query: QueryString,
    @Res({ passthrough: true }) res: Response,
  ): Promise<TimezoneListDto> {
    const asked = listQuery(query);
    const rows = await this.reference.timezones(currentContext().locale, asked.filter);
    const items = rows.map(({ name, label, offsetSeconds, aliasOf }) => ({
      name,
      label,
      offset_seconds: offsetSeconds,
      alias_of: aliasOf,
    }));
    return cacheable(
      res,
      pageOf(items, asked, ({ name }) => name),
    );
  }

  @Get('currencies')
  @ListQuery()
  @Operation({
    id: 'listCurrencies',
    summary: 'List currencies',
    answers: [200, CurrencyListDto],
    refusals: [422],
    isTagged: true,
    scope: 'public',
  })
  async currencies(
    @Query() query: QueryString,
    @Res({ passthrough: true }) res: Response,
  ): Promise<CurrencyListDto> {
    const asked = listQuery(query);
    const rows = await this.reference.currencies(currentContext().locale, asked.filter);
    const items = rows.map(({ code, numeric, name, minorUnits }) => ({
      code,
      numeric,
      name,
      minor_units: minorUnits,
    }));
    return cacheable(
      res,
      pageOf(items, asked, ({ code }) => code),
    );
  }
}

function ListQuery() {
  return applyDecorators(
    ApiQuery({ name: 'country', required: false, schema: { type: 'string' }, example: 'BE' }),
    PageQuery(MAX_LIMIT),
  );
}

function listQuery(query: QueryString) {
  return readQuery(query, (read) => {
    const country = read.text('country');
    return {
      filter: country ? { country } : {},
      limit: read.limit(MAX_LIMIT),
      after: read.after(() => true),
    };
  });
}

function pageOf<Item>(
  all: readonly Item[],
  { limit, after }: { limit: number; after: string | null },
  keyOf: (item: Item) => string,
) {
  const start = after === null ? 0 : all.findIndex((item) => keyOf(item) === after) + 1;
  if (after !== null && start === 0) throw badCursor();
  const items = all.slice(start, start + limit);
  const last = items.at(-1);
  const hasMore = start + limit < all.length;
  return { items, next_cursor: hasMore && last ? cursorAfter(keyOf(last)) : null };
}

/** Marks the response as publicly cacheable per language. */
function cacheable<Page>(res: Response, page: Page): Page {
  const { principal, locale } = currentContext();
  res.setHeader('Cache-Control', `${principal ? 'private' : 'public'}, max-age=${HOUR}`);
  res.setHeader('Content-Language', locale);
  res.vary('Accept-Language').vary('Authorization');
  return page;
}
