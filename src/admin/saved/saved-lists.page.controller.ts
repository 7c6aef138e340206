import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { AdminShell } from '../../core/back-office/admin-shell.js';
import { AdminWords } from '../../core/back-office/admin-words.js';
import { BackOffice } from '../../core/back-office/back-office.js';
import { addressOf, queryText, readQuery } from '../../core/back-office/list-query.js';
import type { ListedEntity } from '../../core/back-office/listed-entity.js';
import type { Principal } from '../../core/context/principal.js';
import { Access, ForAllStaff } from '../../core/http/access/access.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { seeOther, success, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { idParam } from '../../core/http/pipeline/id-param.js';
import { NewSavedListForm, SavedListForm } from './saved-list.forms.js';
import { SavedListsService } from './saved-lists.service.js';

/** The filters that a person saved of a list: all staff save some, superusers or not. */
@Controller('admin/:entity/saved')
@Access('staff')
@ForAllStaff()
@NotSensitive()
export class SavedListsPageController {
  constructor(
    private readonly saved: SavedListsService,
    private readonly office: BackOffice,
    private readonly words: AdminWords,
    private readonly shell: AdminShell,
  ) {}

  @Get()
  async list(@CurrentUser() me: Principal, @Param('entity') entity: string): Promise<Page> {
    const list = this.office.get(entity);
    const own = await this.saved.own(me, list.path);
    const title = this.words.plural(list);
    const model = {
      listTitle: title,
      path: list.address(),
      saved: own.map((each) => ({
        name: each.name,
        isShared: each.isShared,
        href: `${list.address()}?${each.query}`,
        action: list.address('saved', each.id),
        deleteAction: list.address('saved', each.id, 'delete'),
      })),
    };
    const crumbs = [{ href: list.address(), text: title }];
    return this.shell.page('admin/saved', model, list.path, crumbs);
  }

  @Post()
  add(
    @CurrentUser() me: Principal,
    @Param('entity') entity: string,
    @Body(formOf(NewSavedListForm)) form: Form<NewSavedListForm>,
  ): Promise<Answer> {
    const list = this.office.get(entity);
    return submit(
      form,
      (refused) => this.formPage(list, refused, null),
      async ({ name, is_shared, query }) => {
        const asked = this.cleaned(list, query ?? '');
        await this.saved.add(me, list.path, queryText(list, asked), { name, isShared: is_shared });
        return seeOther(addressOf(list, asked), success('admin.saved.flash.saved', { name }));
      },
    );
  }

  @Get(':saved')
  async edit(
    @CurrentUser() me: Principal,
    @Param() { entity, saved }: { entity: string; saved: string },
  ): Promise<Page> {
    const list = this.office.get(entity);
    const { id, name, isShared } = await this.saved.get(me, list.path, idParam(saved));
    return this.formPage(list, Form.blank({ name, is_shared: isShared ? '1' : '' }), id);
  }

  @Post(':saved')
  change(
    @CurrentUser() me: Principal,
    @Param() { entity, saved }: { entity: string; saved: string },
    @Body(formOf(SavedListForm)) form: Form<SavedListForm>,
  ): Promise<Answer> {
    const list = this.office.get(entity);
    const id = idParam(saved);
    return submit(
      form,
      (refused) => this.formPage(list, refused, id),
      async ({ name, is_shared }) => {
        await this.saved.change(me, id, { name, isShared: is_shared });
        return seeOther(list.address('saved'), success('admin.saved.flash.saved', { name }));
      },
    );
  }

  @Post(':saved/delete')
  async delete(
    @CurrentUser() me: Principal,
    @Param() { entity, saved }: { entity: string; saved: string },
  ): Promise<Answer> {
    const list = this.office.get(entity);
    await this.saved.delete(me, idParam(saved));
    return seeOther(list.address('saved'), success('admin.saved.flash.deleted'));
  }

  /** What of it the list knows, from its first page on. */
  private cleaned(list: ListedEntity, query: string) {
    const asked = Object.fromEntries(new URLSearchParams(query));
    return { ...readQuery(this.office, list, asked), cursor: null };
  }

  /** `id`: of the one that is changed; null for a new one. */
  private formPage(list: ListedEntity, form: Form<object>, id: string | null): Page {
    const isNew = id === null;
    const title = this.words.say(isNew ? 'admin.saved.new' : 'admin.saved.edit');
    const saved = list.address('saved');
    const model = {
      title,
      form,
      isNew,
      action: isNew ? saved : list.address('saved', id),
      back: isNew ? list.address() : saved,
    };
    const crumbs = [{ href: list.address(), text: this.words.plural(list) }];
    return this.shell.page('admin/saved-filter', model, list.path, crumbs);
  }
}
