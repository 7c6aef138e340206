import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { AdminShell } from '../../core/back-office/admin-shell.js';
import { BackOffice } from '../../core/back-office/back-office.js';
import { RecordsPage } from '../../core/back-office/records-page.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { Access, ForAllStaff } from '../../core/http/access/access.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { seeOther, success, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { Translator } from '../../core/i18n/translator.js';
import { ChangeNoteForm, NoteForm } from './staff-note.forms.js';
import type { StaffNote } from './staff-notes.repository.js';
import { mayChange, mayDelete, StaffNotesService } from './staff-notes.service.js';

/** Notes on an organisation: all staff write them, superusers or not. */
@Controller('admin/tenants/:id/notes')
@Access('staff')
@ForAllStaff()
@NotSensitive()
export class StaffNotesPageController {
  constructor(
    private readonly notes: StaffNotesService,
    private readonly office: BackOffice,
    private readonly records: RecordsPage,
    private readonly shell: AdminShell,
    private readonly texts: Translator,
  ) {}

  @Post()
  add(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body(formOf(NoteForm)) form: Form<NoteForm>,
  ): Promise<Answer> {
    const tenantId = idParam(id);
    return submit(
      form,
      (refused) => this.records.row(me, this.office.get('tenants'), tenantId, refused),
      async ({ text }) => {
        // Not found where there is no such organisation.
        await this.records.title(this.office.get('tenants'), tenantId);
        await this.notes.add(me, tenantId, text);
        return back(tenantId, 'admin.notes.flash.added');
      },
    );
  }

  @Get(':note/edit')
  async edit(
    @CurrentUser() me: Principal,
    @Param() { id, note }: { id: string; note: string },
  ): Promise<Page> {
    const found = await this.find(id, note);
    requireTo(mayChange(me, found));
    return this.editPage(found);
  }

  @Post(':note/edit')
  async save(
    @CurrentUser() me: Principal,
    @Param() { id, note }: { id: string; note: string },
    @Body(formOf(ChangeNoteForm)) form: Form<ChangeNoteForm>,
  ): Promise<Answer> {
    const found = await this.find(id, note);
    requireTo(mayChange(me, found));
    return submit(
      form,
      async (refused) => this.editPage(await this.find(id, note), refused),
      async ({ text, version }) => {
        await this.notes.change(me, found, text, version);
        return back(found.tenantId, 'admin.notes.flash.saved');
      },
    );
  }

  @Get(':note/delete')
  async ask(
    @CurrentUser() me: Principal,
    @Param() { id, note }: { id: string; note: string },
  ): Promise<Page> {
    const found = await this.find(id, note);
    requireTo(mayDelete(me, found));
    const model = {
      question: this.texts.t('admin.notes.delete.question'),
      consequence: found.text.length > SHOWN ? `${found.text.slice(0, SHOWN)}…` : found.text,
      submit: this.texts.t('admin.notes.delete.submit'),
      isDangerous: true,
      action: `${notesOf(found.tenantId)}${found.id}/delete/`,
      back: rowOf(found.tenantId),
      rows: [],
      isOne: true,
    };
    const crumbs = await this.crumbs(found.tenantId);
    return this.shell.page('back-office/confirm', model, 'tenants', crumbs);
  }

  @Post(':note/delete')
  async delete(
    @CurrentUser() me: Principal,
    @Param() { id, note }: { id: string; note: string },
  ): Promise<Answer> {
    const found = await this.find(id, note);
    await this.notes.delete(me, found);
    return back(found.tenantId, 'admin.notes.flash.deleted');
  }

  /** With a refused form: the typed text, and after a conflict the saved one beside it. */
  private async editPage(note: StaffNote, refused?: Form<object>): Promise<Page> {
    const isStale = refused?.problems.some(({ key }) => key === 'errors.stale') ?? false;
    const saved = { text: note.text, version: String(note.version) };
    const model = {
      action: `${notesOf(note.tenantId)}${note.id}/edit/`,
      back: rowOf(note.tenantId),
      version: note.version,
      form: refused ?? Form.blank(saved),
      savedNow: isStale ? note.text : null,
    };
    const crumbs = await this.crumbs(note.tenantId);
    return this.shell.page('admin/note', model, 'tenants', crumbs);
  }

  private async crumbs(tenantId: string) {
    const list = this.office.get('tenants');
    const text = await this.records.title(list, tenantId);
    return [this.records.crumb(list), { href: rowOf(tenantId), text }];
  }

  private find(tenantId: string, note: string): Promise<StaffNote> {
    return this.notes.get(idParam(tenantId), idParam(note));
  }
}

/** Characters of a note that the question whether to delete it shows. */
const SHOWN = 300;

function rowOf(tenantId: string): string {
  return `/admin/tenants/${tenantId}/`;
}

function notesOf(tenantId: string): string {
  return `${rowOf(tenantId)}notes/`;
}

function back(tenantId: string, key: Parameters<typeof success>[0]): Answer {
  return seeOther(`${rowOf(tenantId)}#notes`, success(key));
}

function requireTo(isAllowed: boolean): void {
  if (!isAllowed) throw new DomainError('forbidden', 'admin.notes.errors.not_yours');
}
