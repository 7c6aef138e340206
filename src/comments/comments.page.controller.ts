import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { Actor } from '../core/context/principal.js';
import { WorksReadOnly } from '../core/entitlements/read-only.guard.js';
import { May } from '../core/http/access/access.js';
import { CurrentActor } from '../core/http/access/current-user.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { Form, formOf, submit } from '../core/http/forms/form.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { page, seeOther, success, type Answer, type Page } from '../core/http/pipeline/answers.js';
import type { SubjectRef } from '../core/http/pages/subjects.js';
import { ChangeCommentForm, CommentForm, CommentsFilter } from './comment.forms.js';
import { discussionPath, presentDiscussion } from './comment.presenter.js';
import type { CommentRow } from './comments.repository.js';
import { CommentsService, SHOWN } from './comments.service.js';

/** Comments on a row, page by page, and the forms for one. The latest are on the page of the row itself. */
@Controller('comments')
@May('comments:read')
@NotSensitive()
export class CommentsPageController {
  constructor(private readonly comments: CommentsService) {}

  @Get('on/:kind/:id')
  async list(
    @CurrentActor() me: Actor,
    @Param() ref: SubjectRef,
    @Query(formOf(CommentsFilter)) { input }: Form<CommentsFilter>,
  ): Promise<Answer> {
    const { page: cursor = null } = input;
    const shown = await this.discussion(me, refOf(ref), cursor);
    // The page is empty by now.
    return shown ?? seeOther(discussionPath(refOf(ref)));
  }

  @Post('on/:kind/:id')
  @May('comments:write')
  add(
    @CurrentActor() me: Actor,
    @Param() ref: SubjectRef,
    @Body(formOf(CommentForm)) form: Form<CommentForm>,
  ): Promise<Answer> {
    return submit(
      form,
      async (refused) => (await this.discussion(me, refOf(ref), null, refused))!,
      async ({ text }) => {
        const { id } = await this.comments.add(me, refOf(ref), text);
        return seeOther(`/comments/${id}/`, success('comments.flash.added'));
      },
    );
  }

  /** Leads to the comment: notifications and the API name it by this address. */
  @Get(':id')
  async show(@CurrentActor() me: Actor, @Param('id') id: string): Promise<Answer> {
    const { comment, subject } = await this.comments.get(me, idParam(id));
    const cursor = await this.comments.pageOf(comment);
    const path = cursor ? discussionPath(subject, cursor) : subject.href;
    return seeOther(`${path}#comment-${comment.id}`);
  }

  @Get(':id/edit')
  @May('comments:write')
  edit(@CurrentActor() me: Actor, @Param('id') id: string): Promise<Page> {
    return this.editPage(me, idParam(id));
  }

  @Post(':id/edit')
  @May('comments:write')
  save(
    @CurrentActor() me: Actor,
    @Param('id') id: string,
    @Body(formOf(ChangeCommentForm)) form: Form<ChangeCommentForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.editPage(me, idParam(id), refused),
      async ({ text, version }) => {
        await this.comments.change(me, idParam(id), text, [version]);
        return seeOther(`/comments/${id}/`, success('comments.flash.saved'));
      },
    );
  }

  @Post(':id/delete')
  @May('comments:write')
  @WorksReadOnly('over_limit')
  async delete(@CurrentActor() me: Actor, @Param('id') id: string): Promise<Answer> {
    const { href } = await this.comments.delete(me, idParam(id));
    const undo = `/comments/${id}/restore/`;
    return seeOther(href, { ...success('comments.flash.deleted'), undo });
  }

  @Post(':id/restore')
  @May('comments:write')
  async restore(@CurrentActor() me: Actor, @Param('id') id: string): Promise<Answer> {
    await this.comments.restore(me, idParam(id));
    return seeOther(`/comments/${id}/`, success('comments.flash.restored'));
  }

  /** Null for a page that is empty by now. */
  private async discussion(
    me: Actor,
    ref: SubjectRef,
    cursor: string | null,
    form: Form<object> = Form.blank(),
  ): Promise<Page | null> {
    const subject = await this.comments.subject(me, ref);
    const found = await this.comments.listed(ref, { sort: 'newest', cursor, limit: SHOWN });
    if (cursor && found.items.length === 0) return null;
    const { title, href } = subject;
    const model = { subject: { title, href }, ...presentDiscussion(ref, found, me), form };
    return page('comments/list', model);
  }

  /** With a refused form: the typed text, and after a version conflict the saved one beside it. */
  private async editPage(me: Actor, id: string, refused?: Form<object>): Promise<Page> {
    const { comment, subject } = await this.comments.getOwn(me, id);
    const isStale = refused?.problems.some(({ key }) => key === 'comments.errors.stale') ?? false;
    const { title, href } = subject;
    const model = {
      subject: { title, href },
      id,
      version: comment.version,
      form: refused ?? Form.blank(savedIn(comment)),
      savedNow: isStale ? comment.text : null,
    };
    return page('comments/edit', model);
  }
}

function savedIn({ text, version }: CommentRow) {
  return { text, version: String(version) };
}

/** @throws DomainError `not_found` for anything that is not a UUID */
function refOf({ kind, id }: SubjectRef): SubjectRef {
  return { kind, id: idParam(id) };
}
