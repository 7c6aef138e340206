import {
  Body,
  Get,
  Header,
  Inject,
  Param,
  Post,
  Query,
  Req,
  type StreamableFile,
  type Type,
} from '@nestjs/common';
import type { Request } from 'express';
import { WorksReadOnly } from '../entitlements/read-only.guard.js';
import type { Permission } from '../features/names.js';
import { DenyImpersonation, May } from '../http/access/access.js';
import { TextField } from '../http/forms/fields.js';
import { Form, formOf, submit } from '../http/forms/form.js';
import { page, seeOther, type Answer, type Page } from '../http/pipeline/answers.js';
import { idParam } from '../http/pipeline/id-param.js';
import { Upload } from '../http/uploads/upload.js';
import { CsvFiles } from './csv-files.js';
import type { CsvRows, CsvSource } from './csv-rows.js';
import { MAX_FILE_BYTES, MAX_ROWS } from './csv-table.js';

/** `POST …/import/confirm/`: the rows of the preview, sealed. */
class ConfirmForm {
  @TextField({ max: 1_000_000 }) rows: string;
}

/** What the pages of a feature's CSV files need to know: its rows, and its service. */
export interface CsvPagesRows<Q extends object> extends CsvRows {
  source: Type<CsvSource<Q>>;
}

/**
 * The routes `export.csv` and `import` of a list, for a controller at its path:
 * `class InvoicesCsvController extends csvPages(ROWS, InvoicesFilter, queryOf) {}`. The class declares who may read
 * the list; adding rows takes the permission `<feature>:write`, with `_` for `-`. `filter` and `queryOf` are those of the list.
 */
export function csvPages<Filter extends object, Q extends object>(
  rows: CsvPagesRows<Q>,
  filter: Type<Filter>,
  queryOf: (filter: Filter) => Q,
) {
  const { feature } = rows;
  const writes = `${feature.replaceAll('-', '_')}:write` as Permission;
  const base = `/${feature}/import/`;

  abstract class CsvPages {
    /** What the files hold, for the API. */
    static readonly rows: CsvRows = rows;

    @Inject(CsvFiles) readonly files: CsvFiles;
    @Inject(rows.source) readonly source: CsvSource<Q>;

    @Get('export.csv')
    @DenyImpersonation()
    @Header('Cache-Control', 'no-store')
    download(@Query(formOf(filter)) { input }: Form<Filter>): StreamableFile {
      return this.files.exports.forPeople(rows, this.source, queryOf(input));
    }

    @Get('import')
    @May(writes)
    start(): Promise<Page> {
      return this.importPage(Form.blank());
    }

    @Post('import')
    @May(writes)
    @Upload('file')
    async preview(@Req() req: Request): Promise<Answer> {
      const { file } = req;
      return submit(
        new Form({}, {}),
        (refused) => this.importPage(refused),
        async () => {
          const uploaded = { name: nameOf(file), bytes: file?.buffer ?? null };
          const found = await this.files.imports.preview(rows, this.source, uploaded);
          return page('csv/preview', this.files.presented(rows, found), { section: feature });
        },
      );
    }

    @Post('import/confirm')
    @May(writes)
    confirm(@Body(formOf(ConfirmForm)) { values }: Form<ConfirmForm>): Promise<Answer> {
      return submit(
        // Rows that are missing or too long are no preview of ours: the use case says so at the file.
        new Form({}, {}),
        (refused) => this.importPage(refused),
        async () => {
          const { imports } = this.files;
          const outcome = await imports.confirm(rows, this.source, values.rows ?? '');
          return seeOther(`/${feature}/`, this.files.told(outcome, `${base}${outcome.id}/undo/`));
        },
      );
    }

    @Post('import/:id/undo')
    @May(writes)
    @WorksReadOnly('over_limit')
    async undo(@Param('id') id: string): Promise<Answer> {
      const outcome = await this.files.imports.undo(rows, this.source, idParam(id));
      return seeOther(base, this.files.toldUndone(outcome));
    }

    private async importPage(form: Form<object>): Promise<Page> {
      const model = {
        ...this.files.list(rows),
        form,
        maxKib: MAX_FILE_BYTES / 1024,
        maxRows: MAX_ROWS,
        imports: await this.files.imports.latest(rows),
      };
      return page('csv/import', model, { section: feature });
    }
  }
  return CsvPages;
}

/** Browsers send the name of a file in UTF-8, which the parser of forms reads as Latin-1. */
function nameOf(file: Request['file']): string {
  const name = Buffer.from(file?.originalname ?? '', 'latin1').toString('utf8');
  return (
    name
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, 200)
      .toWellFormed() || 'csv'
  );
}
