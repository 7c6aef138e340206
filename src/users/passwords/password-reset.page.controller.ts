import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { DomainError } from '../../core/errors/domain-error.js';
import { Access, DenyImpersonation } from '../../core/http/access/access.js';
import {
  page,
  seeOther,
  type Answer,
  type FlashMessage,
  type Page,
} from '../../core/http/pipeline/answers.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { KnownDevices } from '../../core/http/security/known-devices.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { Passwords } from './passwords.js';
import { PasswordService } from './password.service.js';
import type { Claimed } from '../links/ownership.service.js';
import { ResetConfirmForm, ResetRequestForm } from './password-reset.forms.js';

@Controller('password-reset')
@Access('public')
@DenyImpersonation()
export class PasswordResetPageController {
  constructor(
    private readonly passwords: PasswordService,
    private readonly rules: Passwords,
    private readonly devices: KnownDevices,
  ) {}

  @Get()
  show(form: Form<object> = Form.blank()): Page {
    return page('users/password-reset', { form });
  }

  @Post()
  @RateLimit('password_reset')
  request(@Body(formOf(ResetRequestForm)) form: Form<ResetRequestForm>): Promise<Answer> {
    return submit(
      form,
      (refused) => this.show(refused),
      async ({ email }) => {
        await this.passwords.requestReset(email);
        return seeOther('/password-reset/done/');
      },
    );
  }

  @Get('done')
  done(): Page {
    return page('users/password-reset-done');
  }

  @Get('confirm/:token')
  async choose(@Param('token') token: string): Promise<Page> {
    if (!(await this.passwords.isResetLink(token))) return invalidLink();
    return this.chooseAgain(token, Form.blank());
  }

  @Post('confirm/:token')
  @RateLimit('reset_confirm')
  async confirm(
    @Param('token') token: string,
    @Body(formOf(ResetConfirmForm)) form: Form<ResetConfirmForm>,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Answer> {
    if (!(await this.passwords.isResetLink(token))) return invalidLink();
    return submit(
      form,
      (refused) => this.chooseAgain(token, refused),
      async ({ password }) => {
        try {
          const { email, claimed } = await this.passwords.reset(token, password);
          this.devices.remember(res, email);
          return seeOther('/password-reset/complete/', claimed ? flashOf(claimed) : undefined);
        } catch (error) {
          if (error instanceof DomainError && error.kind === 'gone') return invalidLink();
          throw error;
        }
      },
    );
  }

  @Get('complete')
  complete(): Page {
    return page('users/password-reset-complete');
  }

  private chooseAgain(token: string, form: Form<object>): Page {
    const action = `/password-reset/confirm/${token}/`;
    return page('users/password-reset-confirm', {
      form,
      action,
      passwordMin: this.rules.minLength(),
    });
  }
}

/** The flash message about what was revoked; the mail names the items. */
function flashOf({ members, keys, invitations }: Claimed): FlashMessage | undefined {
  const isAny = members + keys + invitations > 0;
  return isAny ? { kind: 'warning', key: 'users.flash.claimed' } : undefined;
}

function invalidLink(): Page {
  return page('users/link-invalid', { purpose: 'password-reset' }, { status: 400 });
}
