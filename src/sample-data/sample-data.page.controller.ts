import { Body, Controller, Get, Post } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { WorksReadOnly } from '../core/entitlements/read-only.guard.js';
import { May } from '../core/http/access/access.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { formOf, type Form } from '../core/http/forms/form.js';
import { NextForm } from '../core/http/forms/next-form.js';
import { safePath } from '../core/http/security/safe-path.js';
import {
  page,
  seeOther,
  success,
  type Page,
  type Redirect,
} from '../core/http/pipeline/answers.js';
import { SampleData } from './sample-data.service.js';

const PATH = '/sample-data/';
const DASHBOARD = '/dashboard/';

/** Sample data of a new organisation: what is added, what is there, and its removal. */
@Controller('sample-data')
@May('tenant:write')
@NotSensitive()
export class SampleDataPageController {
  constructor(private readonly samples: SampleData) {}

  @Get()
  async show(@CurrentUser() me: Principal): Promise<Page> {
    const { counts, kept } = me.hasSampleData
      ? await this.samples.present()
      : { counts: await this.samples.preview(me), kept: [] };
    const isOffered = this.samples.isOffered(me);
    const model = { isThere: me.hasSampleData, isOffered, counts, kept };
    return page('sample-data/sample-data', model, { section: 'dashboard' });
  }

  @Post()
  async add(
    @CurrentUser() me: Principal,
    @Body(formOf(NextForm)) { input }: Form<NextForm>,
  ): Promise<Redirect> {
    if (!me.hasSampleData && !this.samples.isOffered(me)) {
      return seeOther(PATH, { kind: 'error', key: 'sample-data.errors.not_offered' });
    }
    const count = await this.samples.add(me);
    if (count === null) return seeOther(PATH, { kind: 'info', key: 'sample-data.flash.there' });
    const next = safePath(input.next, DASHBOARD);
    return seeOther(
      next === PATH ? DASHBOARD : next,
      success('sample-data.flash.added', { count }),
    );
  }

  @Post('remove')
  @WorksReadOnly('over_limit')
  async remove(): Promise<Redirect> {
    const gone = await this.samples.remove();
    if (!gone) return seeOther(DASHBOARD, { kind: 'info', key: 'sample-data.flash.gone' });
    const { removed, kept } = gone;
    const key = kept > 0 ? 'sample-data.flash.removed_but' : 'sample-data.flash.removed';
    return seeOther(DASHBOARD, success(key, { count: removed, kept }));
  }
}
