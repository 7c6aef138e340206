import { Controller, Get, Param, Query } from '@nestjs/common';
import type { Principal } from '../context/principal.js';
import { Access } from '../http/access/access.js';
import { seeOther, type Answer, type Page } from '../http/pipeline/answers.js';
import { CurrentUser } from '../http/access/current-user.js';
import { BackOffice } from './back-office.js';
import { addressOf, idOf, readQuery } from './list-query.js';
import { RecordsPage } from './records-page.js';

/** Routes of entity lists and row pages. */
@Controller('admin')
@Access('staff')
export class RecordsPageController {
  constructor(
    private readonly office: BackOffice,
    private readonly page: RecordsPage,
  ) {}

  @Get(':entity')
  async list(
    @CurrentUser() me: Principal,
    @Param('entity') entity: string,
    @Query() asked: Record<string, unknown>,
  ): Promise<Answer> {
    const list = this.office.get(entity);
    const query = readQuery(this.office, list, asked);
    const found = await this.page.list(me, list, query);
    return found ?? seeOther(addressOf(list, { ...query, cursor: null }));
  }

  @Get(':entity/:id')
  show(
    @CurrentUser() me: Principal,
    @Param('entity') entity: string,
    @Param('id') id: string,
  ): Promise<Page> {
    const list = this.office.get(entity);
    return this.page.row(me, list, idOf(list, id));
  }
}
