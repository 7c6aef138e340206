import { Controller, Get, Header, Param, Post, StreamableFile } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { Access } from '../core/http/access.js';
import { page, seeOther, success, type Answer, type Page } from '../core/http/answers.js';
import { Form, submit } from '../core/http/form.js';
import { idParam } from '../core/http/id-param.js';
import { Me } from '../core/http/me.js';
import { presentExport } from '../exports/export.presenter.js';
import { ExportsService } from '../exports/exports.service.js';
import { EXPORT_DAYS } from '../exports/tenant-export.entity.js';

const PATH = '/settings/data/';

/** Seconds after which the page looks again, where no script does. */
const LOOK_AGAIN = 5;

/** The organisation's data, to take home. */
@Controller('settings/data')
@Access('admin')
export class DataPageController {
  constructor(private readonly exports: ExportsService) {}

  @Get()
  async show(refusal?: Form<object>): Promise<Page> {
    const exports = (await this.exports.list()).map(presentExport);
    const unfinished = exports.find(({ isUnfinished }) => isUnfinished) ?? null;
    const model = {
      refusal,
      parts: this.exports.parts,
      days: EXPORT_DAYS,
      exports,
      unfinished,
      refreshSeconds: unfinished && !refusal ? LOOK_AGAIN : null,
    };
    return page('settings/data', model, { section: 'settings' });
  }

  @Post()
  prepare(@Me() me: Principal): Promise<Answer> {
    return submit(
      Form.blank(),
      (refused) => this.show(refused),
      async () => {
        await this.exports.request(me);
        return seeOther(PATH, success('exports.flash.requested'));
      },
    );
  }

  @Get(':id/download')
  @Header('Cache-Control', 'no-store')
  @Header('X-Content-Type-Options', 'nosniff')
  async download(@Me() me: Principal, @Param('id') id: string): Promise<StreamableFile> {
    const { stream, size, requestedAt } = await this.exports.open(me, idParam(id));
    const day = requestedAt.toISOString().slice(0, 10);
    return new StreamableFile(stream, {
      type: 'application/zip',
      length: size,
      disposition: `attachment; filename="data-${day}.zip"`,
    });
  }
}
