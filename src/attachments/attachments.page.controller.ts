import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Actor } from '../core/context/principal.js';
import { WorksReadOnly } from '../core/entitlements/read-only.guard.js';
import { DomainError } from '../core/errors/domain-error.js';
import { May } from '../core/http/access/access.js';
import { CurrentActor } from '../core/http/access/current-user.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { Form, formOf, submit } from '../core/http/forms/form.js';
import type { SubjectRef } from '../core/http/pages/subjects.js';
import { page, seeOther, success, type Answer, type Page } from '../core/http/pipeline/answers.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { sendFile } from '../core/http/uploads/send-file.js';
import { Upload, UploadedFile } from '../core/http/uploads/upload.js';
import { LARGEST, MOST } from './attachment.entity.js';
import { AttachmentForm, RestoreForm } from './attachment.forms.js';
import { presentAttachments } from './attachment.presenter.js';
import { AttachmentsService } from './attachments.service.js';

/** Files of a row, and the form that adds one. They are on the page of the row too. */
@Controller('attachments')
@May('attachments:read')
@NotSensitive()
export class AttachmentsPageController {
  constructor(private readonly attachments: AttachmentsService) {}

  @Get('on/:kind/:id')
  list(@CurrentActor() me: Actor, @Param() ref: SubjectRef): Promise<Page> {
    return this.listPage(me, refOf(ref));
  }

  @Post('on/:kind/:id')
  @May('attachments:write')
  @Upload('file', { maxBytes: LARGEST })
  add(
    @CurrentActor() me: Actor,
    @Param() ref: SubjectRef,
    @Body(formOf(AttachmentForm)) form: Form<AttachmentForm>,
    @UploadedFile() file: UploadedFile | null,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.listPage(me, refOf(ref), refused),
      async ({ field }) => {
        const { attachment, replaced } = await this.attachments.add(me, refOf(ref), file, field);
        const { href } = await this.attachments.subject(me, refOf(ref));
        const { id, name } = attachment;
        if (!replaced) return seeOther(href, success('attachments.flash.added', { name }));
        const flash = success('attachments.flash.replaced', { name, replaced: replaced.name });
        const undo = { path: `/attachments/${replaced.id}/restore/`, fields: { in_place_of: id } };
        return seeOther(href, { ...flash, undo });
      },
    );
  }

  /** The file itself, to be saved. */
  @Get(':id')
  async download(
    @CurrentActor() me: Actor,
    @Param('id') id: string,
    @Res() res: Response,
  ): Promise<void> {
    const { name, file, subject } = await this.attachments.open(me, idParam(id));
    if (!file) {
      throw seeOther(subject.href, {
        kind: 'error',
        key: 'attachments.errors.lost',
        args: { name },
      });
    }
    await sendFile(res, name, file);
  }

  @Post(':id/delete')
  @May('attachments:write')
  @WorksReadOnly('over_limit')
  async delete(@CurrentActor() me: Actor, @Param('id') id: string): Promise<Answer> {
    const { name, subject } = await this.attachments.delete(me, idParam(id));
    const undo = `/attachments/${id}/restore/`;
    return seeOther(subject.href, { ...success('attachments.flash.deleted', { name }), undo });
  }

  @Post(':id/restore')
  @May('attachments:write')
  async restore(
    @CurrentActor() me: Actor,
    @Param('id') id: string,
    @Body(formOf(RestoreForm)) { input }: Form<RestoreForm>,
  ): Promise<Answer> {
    try {
      const { attachment, subject } = await this.attachments.restore(
        me,
        idParam(id),
        input.in_place_of,
      );
      const { name } = attachment;
      return seeOther(subject.href, success('attachments.flash.restored', { name }));
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'conflict') throw error;
      const { href } = await this.attachments.subjectOf(me, idParam(id));
      return seeOther(href, { kind: 'error', key: error.key, args: { max: MOST } });
    }
  }

  private async listPage(
    me: Actor,
    ref: SubjectRef,
    form: Form<object> = Form.blank(),
  ): Promise<Page> {
    const { title, href } = await this.attachments.subject(me, ref);
    const shown = presentAttachments(
      ref,
      await this.attachments.listed(ref),
      me,
      form.values.field,
    );
    return page('attachments/list', { subject: { title, href }, ...shown, form });
  }
}

/** @throws DomainError `not_found` for anything that is not a UUID */
function refOf({ kind, id }: SubjectRef): SubjectRef {
  return { kind, id: idParam(id) };
}
