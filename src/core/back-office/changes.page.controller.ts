import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { Principal } from '../context/principal.js';
import { requireSuperuser } from '../http/access/require-superuser.js';
import { DomainError } from '../errors/domain-error.js';
import { Access } from '../http/access/access.js';
import { StepUp } from '../http/access/step-up.js';
import { Page, seeOther, success, type Answer, type Redirect } from '../http/pipeline/answers.js';
import { submit } from '../http/forms/form.js';
import { CurrentUser } from '../http/access/current-user.js';
import type { Row } from './row.js';
import { AdminWords } from './admin-words.js';
import { BackOffice } from './back-office.js';
import { ChangesPage, type Refusal } from './changes-page.js';
import { idOf } from './list-query.js';
import type { Editing } from './admin-entity.js';
import type { ListedEntity } from './listed-entity.js';
import { RecordPresenter } from './record.presenter.js';
import { RecordsRepository } from './records.repository.js';

/** Maximum number of rows of a bulk action: one page. */
const AT_ONCE = 50;

/** Changes by superusers. `SuperuserGuard` refuses unsafe requests of others. */
@Controller('admin')
@Access('staff')
@StepUp()
export class ChangesPageController {
  constructor(
    private readonly office: BackOffice,
    private readonly records: RecordsRepository,
    private readonly page: ChangesPage,
    private readonly presenter: RecordPresenter,
    private readonly words: AdminWords,
  ) {}

  @Get(':entity/bulk/:action')
  async askMany(
    @CurrentUser() me: Principal,
    @Param() { entity, action }: { entity: string; action: string },
    @Query('id') ids: unknown,
  ): Promise<Answer> {
    requireSuperuser(me);
    const list = this.office.get(entity);
    const { isBulk, isOffered } = this.page.action(list, action);
    if (!isBulk) throw new DomainError('not_found', 'errors.not_found');
    const chosen = idsOf(list, ids);
    if (chosen.length === 0) return nothingToDo(list);
    const rows = (await this.records.some(list, chosen)).filter(isOffered);
    if (rows.length === 0) return nothingToDo(list);
    return this.page.confirm(list, action, rows, list.address('bulk', action));
  }

  @Post(':entity/bulk/:action')
  async doMany(
    @CurrentUser() me: Principal,
    @Param() { entity, action }: { entity: string; action: string },
    @Body() body?: { id?: unknown },
  ): Promise<Answer> {
    const list = this.office.get(entity);
    if (!this.page.action(list, action).isBulk) {
      throw new DomainError('not_found', 'errors.not_found');
    }
    const ids = idsOf(list, body?.id);
    if (ids.length === 0) return nothingToDo(list);
    const rows = await this.records.some(list, ids);
    const refusals = await this.act(me, list, action, rows);
    if (refusals.length > 0)
      return this.refuse(list, action, refusals, list.address('bulk', action));
    const done = this.done(list, action, { count: rows.length });
    return seeOther(list.address(), done);
  }

  @Get(':entity/:id/edit')
  async edit(
    @CurrentUser() me: Principal,
    @Param() { entity, id }: { entity: string; id: string },
  ): Promise<Page> {
    requireSuperuser(me);
    const { list, row } = await this.find(entity, id);
    this.page.editing(list, row);
    return this.page.edit(list, row);
  }

  @Post(':entity/:id/edit')
  async save(
    @CurrentUser() me: Principal,
    @Param() { entity, id }: { entity: string; id: string },
    @Body() body: unknown,
  ): Promise<Answer> {
    const { list, row } = await this.find(entity, id);
    const editing = this.page.editing(list, row);
    return submit(
      this.page.sent(list, body),
      async (refused) => this.page.edit(list, await this.records.get(list, row.id), refused),
      async (input) => {
        await editing.save(me, row, offered(input, editing));
        return seeOther(list.address(row.id), success('back-office.flash.saved'));
      },
    );
  }

  @Get(':entity/:id/:action')
  async ask(
    @CurrentUser() me: Principal,
    @Param() { entity, id, action }: { entity: string; id: string; action: string },
  ): Promise<Answer> {
    requireSuperuser(me);
    const { list, row } = await this.find(entity, id);
    if (!this.page.action(list, action).isOffered(row)) return seeOther(list.address(row.id));
    return this.page.confirm(list, action, [row], list.address(row.id, action));
  }

  @Post(':entity/:id/:action')
  async do(
    @CurrentUser() me: Principal,
    @Param() { entity, id, action }: { entity: string; id: string; action: string },
  ): Promise<Answer> {
    const { list, row } = await this.find(entity, id);
    const { isGoneAfterwards } = this.page.action(list, action);
    const refusals = await this.act(me, list, action, [row]);
    if (refusals.length > 0)
      return this.refuse(list, action, refusals, list.address(row.id, action));
    const name = this.presenter.title(list, row);
    const done = this.done(list, action, { name });
    const undo = this.undoOf(list, row, action);
    const flash = { ...done, ...(undo ? { undo } : {}) };
    return seeOther(isGoneAfterwards ? list.address() : list.address(row.id), flash);
  }

  private done(list: ListedEntity, action: string, about: { name: string } | { count: number }) {
    return success(this.words.done(list, action, about), { ...about });
  }

  /** Applies the action to each row in its own unit of work; rows already in that state are skipped. */
  private async act(
    me: Principal,
    list: ListedEntity,
    name: string,
    rows: readonly Row[],
  ): Promise<Refusal[]> {
    const { isOffered, run } = this.page.action(list, name);
    const refusals: Refusal[] = [];
    for (const row of rows.filter(isOffered)) {
      try {
        await run(me, row);
      } catch (error) {
        if (!(error instanceof DomainError) || error.kind !== 'conflict') throw error;
        refusals.push({ row, error });
      }
    }
    return refusals;
  }

  private refuse(list: ListedEntity, action: string, refusals: Refusal[], address: string): Page {
    const rows = refusals.map(({ row }) => row);
    const { view, model, options } = this.page.confirm(list, action, rows, address, refusals);
    return new Page(view, model, { ...options, status: 422 });
  }

  private undoOf(list: ListedEntity, row: Row, action: string): string | null {
    const canRestore = action !== 'restore' && Object.hasOwn(list.declared.actions, 'restore');
    return canRestore ? list.address(row.id, 'restore') : null;
  }

  private async find(entity: string, id: string): Promise<{ list: ListedEntity; row: Row }> {
    const list = this.office.get(entity);
    return { list, row: await this.records.get(list, idOf(list, id)) };
  }
}

/** @throws DomainError `not_found` for an invalid id, `malformed` for more than 50 ids */
function idsOf(list: ListedEntity, given: unknown): string[] {
  const texts: unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given];
  if (texts.length > AT_ONCE) throw new DomainError('malformed', 'errors.400.text');
  const ids = texts.map((text) => idOf(list, typeof text === 'string' ? text : undefined));
  return [...new Set(ids)];
}

function nothingToDo(list: ListedEntity): Redirect {
  return seeOther(list.address(), { kind: 'info', key: 'back-office.flash.nothing_to_do' });
}

/** Without what is not offered, whatever was sent. */
function offered(input: object, { except = [] }: Editing): object {
  return Object.fromEntries(Object.entries(input).filter(([name]) => !except.includes(name)));
}
