import { Controller, Get, Query } from '@nestjs/common';
import { Access } from '../../http/access/access.js';
import { lastText } from '../../http/forms/form.js';
import type { Page } from '../../http/pipeline/answers.js';
import { cleanTerm } from '../list-query.js';
import { SearchPage } from './search-page.js';

/** One search over the lists of the back office. */
@Controller('admin/search')
@Access('staff')
export class AdminSearchPageController {
  constructor(private readonly page: SearchPage) {}

  @Get()
  show(@Query('q') q: unknown): Promise<Page> {
    return this.page.show(cleanTerm(lastText(q)));
  }
}
