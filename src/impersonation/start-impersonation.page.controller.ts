import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { nameOf } from '../audit/mask.js';
import type { Principal } from '../core/context/principal.js';
import { requireSuperuser } from '../core/http/access/require-superuser.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Access } from '../core/http/access/access.js';
import { StepUp } from '../core/http/access/step-up.js';
import { seeOther, type Answer, type Page } from '../core/http/pipeline/answers.js';
import { clientInfo } from '../core/http/security/client-info.js';
import { Form, formOf, submit } from '../core/http/forms/form.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { SessionCookie } from '../core/http/security/session-cookie.js';
import { ImpersonationService } from './impersonation.service.js';
import { AdminShell } from '../core/back-office/admin-shell.js';
import { AdminWords } from '../core/back-office/admin-words.js';
import { BackOffice } from '../core/back-office/back-office.js';
import {
  IMPERSONATION_MINUTES,
  IMPERSONATION_MODES,
  ImpersonationForm,
} from './impersonation.forms.js';

/**
 * Superusers begin to act on somebody's behalf. i18n-uses: impersonation.lengths.*
 * i18n-uses: impersonation.modes.*
 */
@Controller('admin/users')
@Access('staff')
export class StartImpersonationPageController {
  constructor(
    private readonly impersonation: ImpersonationService,
    private readonly cookie: SessionCookie,
    private readonly words: AdminWords,
    private readonly office: BackOffice,
    private readonly shell: AdminShell,
  ) {}

  @Get(':id/act')
  async ask(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Answer> {
    requireSuperuser(me);
    const userId = idParam(id);
    try {
      return await this.page(me, userId, Form.blank({ minutes: '30', mode: 'look' }));
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'conflict') throw error;
      return seeOther(addressOf(userId), { kind: 'error', key: error.key });
    }
  }

  @Post(':id/act')
  @StepUp()
  async start(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body(formOf(ImpersonationForm)) form: Form<ImpersonationForm>,
    @Req() req: Request,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Answer> {
    const userId = idParam(id);
    return submit(
      form,
      (refused) => this.page(me, userId, refused),
      async ({ reason, minutes: length, mode }) => {
        const minutes = Number(length);
        const request = { reason, minutes, mayWrite: mode === 'change' };
        const token = await this.impersonation.start(me, userId, request, clientInfo(req));
        this.cookie.openOnBehalf(res, token, minutes);
        return seeOther('/dashboard/');
      },
    );
  }

  private async page(me: Principal, userId: string, form: Form<object>): Promise<Page> {
    const person = await this.impersonation.candidate(me, userId);
    const back = addressOf(userId);
    const model = {
      form,
      person: { name: nameOf(person), email: person.email },
      isMember: person.tenantId !== null,
      action: `${back}act/`,
      back,
      lengths: IMPERSONATION_MINUTES.map((value) => ({ value })),
      modes: IMPERSONATION_MODES.map((value) => ({ value })),
    };
    const users = { href: '/admin/users/', text: this.words.plural(this.office.get('users')) };
    const crumbs = [users, { href: back, text: person.email }];
    return this.shell.page('impersonation/start', model, 'users', crumbs);
  }
}

function addressOf(userId: string): string {
  return `/admin/users/${userId}/`;
}
