import { Controller, Get, Header, Param, Post, StreamableFile } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { DenyImpersonation, May } from '../../core/http/access/access.js';
import { StepUp } from '../../core/http/access/step-up.js';
import {
  page,
  seeOther,
  success,
  type Answer,
  type Page,
} from '../../core/http/pipeline/answers.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { TenantExportsService } from './tenant-exports.service.js';
import { WorksClosed, WorksReadOnly } from '../../core/entitlements/read-only.guard.js';

const PATH = '/settings/data/';

/** Settings tab of the organisation's export, for admins. */
@Controller('settings/data')
@May('export:read')
@DenyImpersonation()
export class DataPageController {
  constructor(private readonly exports: TenantExportsService) {}

  @Get()
  async show(): Promise<Page> {
    const exports = (await this.exports.listed()).map(({ state, isExpired, ...row }) => ({
      ...row,
      state: isExpired ? ('expired' as const) : state,
    }));
    const isUnderWay = exports.some(({ state }) => state === 'pending' || state === 'running');
    const contents = this.exports.contents();
    return page('tenants/data', { contents, exports, isUnderWay }, { section: 'settings' });
  }

  @Post()
  @StepUp()
  @May('export:write')
  @WorksReadOnly()
  @WorksClosed()
  async request(@CurrentUser() me: Principal): Promise<Answer> {
    try {
      await this.exports.request(me);
    } catch (error) {
      // Another admin started one at the same moment, which serves all.
      if (!(error instanceof DomainError) || error.kind !== 'conflict') throw error;
      return seeOther(PATH, { kind: 'info', key: error.key });
    }
    return seeOther(PATH, success('tenants.data.requested'));
  }

  @Get(':id/download')
  @StepUp()
  @Header('Cache-Control', 'no-store')
  async download(@Param('id') id: string): Promise<StreamableFile> {
    const { stream, size } = await this.exports.open(idParam(id));
    return new StreamableFile(stream, {
      type: 'application/zip',
      length: size,
      disposition: 'attachment; filename="atrium-data.zip"',
    });
  }
}
