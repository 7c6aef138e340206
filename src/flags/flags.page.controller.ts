import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { Access } from '../core/http/access/access.js';
import { StepUp } from '../core/http/access/step-up.js';
import { seeOther, success, type Answer, type Page } from '../core/http/pipeline/answers.js';
import { Form, formOf, submit } from '../core/http/forms/form.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { Translator } from '../core/i18n/translator.js';
import { FlagsService } from './flags.service.js';
import { AdminShell } from '../core/back-office/admin-shell.js';
import { CandidatesFilter, ExceptionForm, RolloutForm } from './flags.forms.js';

const STATES = { on: true, off: false, default: null } as const;

/** Back-office pages of feature flags. Staff read, superusers change. */
@Controller('admin/flags')
@Access('staff')
export class FlagsPageController {
  constructor(
    private readonly flags: FlagsService,
    private readonly shell: AdminShell,
    private readonly texts: Translator,
  ) {}

  @Get()
  list(): Page {
    return this.shell.page('flags/list', { flags: this.flags.all() }, 'flags');
  }

  @Get(':name')
  show(
    @CurrentUser() me: Principal,
    @Param('name') name: string,
    @Query(formOf(CandidatesFilter)) { input }: Form<CandidatesFilter>,
  ): Promise<Page> {
    return this.flagPage(me, name, input.q?.trim() || null);
  }

  @Post(':name')
  @StepUp()
  rollOut(
    @CurrentUser() me: Principal,
    @Param('name') name: string,
    @Body(formOf(RolloutForm)) form: Form<RolloutForm>,
  ): Promise<Answer> {
    const flag = this.flags.get(name).name;
    return submit(
      form,
      (refused) => this.flagPage(me, flag, null, refused),
      async ({ unit, percent }) => {
        await this.flags.rollOut(me, flag, unit === 'default' ? null : { unit, percent });
        return seeOther(`/admin/flags/${flag}/`, success('flags.flash.saved'));
      },
    );
  }

  @Post(':name/exceptions')
  @StepUp()
  except(
    @CurrentUser() me: Principal,
    @Param('name') name: string,
    @Body(formOf(ExceptionForm)) form: Form<ExceptionForm>,
  ): Promise<Answer> {
    const flag = this.flags.get(name).name;
    return submit(
      form,
      () => this.flagPage(me, flag, null),
      async ({ kind, subject_id, state }) => {
        await this.flags.except(me, flag, { kind, id: idParam(subject_id) }, STATES[state]);
        return seeOther(`/admin/flags/${flag}/`, success('flags.flash.saved'));
      },
    );
  }

  private async flagPage(
    me: Principal,
    name: string,
    q: string | null,
    refused?: Form<object>,
  ): Promise<Page> {
    const flag = this.flags.get(name);
    const { unit = 'default', percent = 100 } = flag.rollout ?? {};
    const model = {
      flag,
      form: refused ?? Form.blank({ unit, percent: String(percent) }),
      exceptions: await this.flags.exceptions(flag.name),
      filter: Form.blank({ q }),
      candidates: q === null ? null : await this.flags.candidates(flag.name, q),
      mayChange: me.isSuperuser,
    };
    const back = { href: '/admin/flags/', text: this.texts.t('flags.title') };
    return this.shell.page('flags/flag', model, 'flags', [back]);
  }
}
