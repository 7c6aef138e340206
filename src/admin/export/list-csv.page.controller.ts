import { Controller, Get, Header, Param, Query, StreamableFile } from '@nestjs/common';
import { BackOffice } from '../../core/back-office/back-office.js';
import { readQuery } from '../../core/back-office/list-query.js';
import { Access } from '../../core/http/access/access.js';
import { ListCsv } from './list-csv.js';

/** Any list of the back office as a file. */
@Controller('admin')
@Access('staff')
export class ListCsvPageController {
  constructor(
    private readonly office: BackOffice,
    private readonly csv: ListCsv,
  ) {}

  @Get(':entity/export.csv')
  @Header('Cache-Control', 'no-store')
  async download(
    @Param('entity') entity: string,
    @Query() asked: Record<string, unknown>,
  ): Promise<StreamableFile> {
    const list = this.office.get(entity);
    const query = { ...readQuery(this.office, list, asked), cursor: null };
    return new StreamableFile(await this.csv.of(list, query), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${list.path}.csv"`,
    });
  }
}
