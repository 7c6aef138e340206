import { Body, Controller, Get, Post } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { WorksClosed, WorksReadOnly } from '../core/entitlements/read-only.guard.js';
import { DomainError } from '../core/errors/domain-error.js';
import { DenyImpersonation, May } from '../core/http/access/access.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { NotSensitive, StepUp } from '../core/http/access/step-up.js';
import { Form, formOf, submit } from '../core/http/forms/form.js';
import { page, seeOther, success, type Answer, type Page } from '../core/http/pipeline/answers.js';
import { CLOSED_DAYS } from '../tenants/closed-days.js';
import { ClosureForm } from './closure.forms.js';
import { ClosureService } from './closure.service.js';

const PATH = '/settings/closure/';

/** Closes the organisation, and reopens it. */
@Controller('settings/closure')
@May('closure:read')
@DenyImpersonation()
@NotSensitive()
export class ClosurePageController {
  constructor(private readonly closures: ClosureService) {}

  @Get()
  show(@CurrentUser() me: Principal): Promise<Page> {
    return this.page(me);
  }

  /** Works in a closed organisation, which stays as it is: of two at once the second finds it done. */
  @Post()
  @May('closure:write')
  @StepUp()
  @WorksReadOnly()
  @WorksClosed()
  close(
    @CurrentUser() me: Principal,
    @Body(formOf(ClosureForm)) form: Form<ClosureForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.page(me, refused),
      async ({ organization }) => {
        await this.closures.close(me, organization);
        return seeOther(PATH, success('closure.flash.closed'));
      },
    );
  }

  @Post('reopen')
  @May('closure:write')
  @WorksReadOnly()
  @WorksClosed()
  async reopen(@CurrentUser() me: Principal): Promise<Answer> {
    try {
      await this.closures.reopen(me);
    } catch (error) {
      if (!(error instanceof DomainError) || error.key !== 'closure.errors.erasing') throw error;
      return seeOther(PATH, { kind: 'error', key: error.key });
    }
    return seeOther('/settings/general/', success('closure.flash.reopened'));
  }

  private async page(me: Principal, refused?: Form<object>): Promise<Page> {
    const closure = await this.closures.current();
    const model = {
      form: refused ?? Form.blank({}),
      organization: me.organization ?? '',
      days: CLOSED_DAYS,
      closure: closure && { ...closure },
    };
    return page('closure/closure', model, { section: 'settings' });
  }
}
