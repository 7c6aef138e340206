import { Body, Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import type { Principal } from '../../core/context/principal.js';
import { WorksReadOnly, type SentBody } from '../../core/entitlements/read-only.guard.js';
import { May } from '../../core/http/access/access.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { NotSensitive, StepUp } from '../../core/http/access/step-up.js';
import { actionFormOf, type SentForm } from '../../core/http/forms/action-form.js';
import { Form } from '../../core/http/forms/form.js';
import { Page, page, seeOther, success, type Answer } from '../../core/http/pipeline/answers.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { RateLimiter } from '../../core/http/security/rate-limiter.js';
import type { TextKey } from '../../core/i18n/text-keys.js';
import { Translator } from '../../core/i18n/translator.js';
import { MembersPage, PATH, listPath, searchOf, viewFrom } from '../members-page.js';
import { BulkActions, type BulkOutcome } from './bulk-actions.service.js';
import { BULK_FORMS } from './bulk.forms.js';

type Sent = SentForm<typeof BULK_FORMS>;

/** Actions on the rows that were ticked in the lists of Settings / Users: a question that names them, then the deed. */
@Controller('settings/users/bulk')
@May('members:read')
@NotSensitive()
export class BulkPageController {
  constructor(
    private readonly page: MembersPage,
    private readonly actions: BulkActions,
    private readonly limiter: RateLimiter,
    private readonly texts: Translator,
  ) {}

  @Get()
  async ask(
    @CurrentUser() me: Principal,
    @Query(actionFormOf(BULK_FORMS)) sent: Sent,
  ): Promise<Answer> {
    const { action, form } = sent;
    if (!form.ok) return this.refuse(me, sent);
    const rows = await this.actions.rows(action, idsOf(form));
    const isDangerous = action === 'deactivate' || action === 'cancel';
    const isOfMembers = 'profile_id' in form.input;
    return page(
      'members/bulk',
      { act: action, rows, isOfMembers, isDangerous, back: listPath(form.input.next) },
      { section: 'settings' },
    );
  }

  @Post()
  @StepUp({ forBody: ({ action }) => action === 'make_admin' || action === 'make_member' })
  @May('members:write')
  @WorksReadOnly('always', endsSomething)
  async act(
    @CurrentUser() me: Principal,
    @Body(actionFormOf(BULK_FORMS)) sent: Sent,
    @Req() req: Request,
  ): Promise<Answer> {
    const { action, form } = sent;
    if (!form.ok) return this.refuse(me, sent);
    const ids = idsOf(form);
    if (action === 'resend') await this.limiter.spend('invitation', req, ids.length);
    const outcome = await this.actions.run(me, action, ids);
    const back = listPath(form.input.next);
    if (outcome.refused.length > 0) return this.outcome(outcome, back);
    const done = success(`members.bulk.${action}.done`, { count: outcome.done });
    return seeOther(back, { ...done, ...undoOf(outcome) });
  }

  /** Takes an action back, as offered by its flash message. It gives roles back, admins' too. */
  @Post(':id/undo')
  @StepUp({ refusesOnBehalf: true })
  @May('members:write')
  async undo(@CurrentUser() me: Principal, @Param('id') id: string): Promise<Answer> {
    const outcome = await this.actions.undo(me, idParam(id));
    if (!outcome) return seeOther(PATH, { kind: 'info', key: 'members.bulk.undone_before' });
    if (outcome.refused.length > 0) return this.outcome(outcome, PATH);
    return seeOther(PATH, success('members.bulk.undone', { count: outcome.done }));
  }

  /** What became of each row where not all could be changed. */
  private outcome({ done, refused, undoId }: BulkOutcome, back: string): Page {
    const reasons = refused.map(({ name, key, args }) => ({
      name,
      reason: this.texts.t(key, args),
    }));
    const heading: TextKey = done === 0 ? 'members.bulk.outcome_none' : 'members.bulk.outcome';
    const { undo = null } = undoOf({ undoId });
    const model = { heading, done, refused: reasons, back, undo };
    return page('members/bulk-outcome', model, { section: 'settings', status: 422 });
  }

  /** Nothing was ticked, or too much: the list says so. */
  private async refuse(me: Principal, { form }: Sent): Promise<Page> {
    // About all of the list: no single field could be corrected.
    const problems = form.problems.map((problem) => ({ ...problem, field: null }));
    const refusal = new Form({}, {}, problems);
    const view = viewFrom(searchOf(listPath(form.input.next)));
    const { view: name, model, options } = await this.page.show(me, view, { refusal });
    return new Page(name, model, { ...options, status: 422 });
  }
}

/** Where it is taken back. */
function undoOf({ undoId }: Pick<BulkOutcome, 'undoId'>): { undo?: string } {
  return undoId ? { undo: `${PATH}bulk/${undoId}/undo/` } : {};
}

function idsOf({ input }: Sent['form']): string[] {
  return 'profile_id' in input ? input.profile_id : input.invitation_id;
}

function endsSomething({ action }: SentBody): boolean {
  return action === 'deactivate' || action === 'cancel';
}
