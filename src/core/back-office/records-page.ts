import { Injectable } from '@nestjs/common';
import type { Principal } from '../context/principal.js';
import type { ColumnDescription } from '../database/schema/entity-catalogue.js';
import type { Form } from '../http/forms/form.js';
import type { Page } from '../http/pipeline/answers.js';
import type { Action, OwnPage } from './admin-entity.js';
import type { Row } from './row.js';
import { AdminShell, type Crumb } from './admin-shell.js';
import { AdminWords } from './admin-words.js';
import { BackOffice } from './back-office.js';
import { addressOf, queryText, type ListQuery } from './list-query.js';
import { waysOf } from './finding/found-statements.js';
import type { ListedEntity } from './listed-entity.js';
import { RecordHistory } from './ports/record-history.js';
import { RecordNotes } from './ports/record-notes.js';
import { RecordPresenter } from './record.presenter.js';
import { orderOf } from './record-statements.js';
import { RecordsRepository } from './records.repository.js';
import { SavedLists } from './ports/saved-lists.js';

const PAGE_SIZE = 50;
/** Number of related rows on the page of a row. */
const FEW = 5;
/** Number of columns of related rows, which are shown beside the timeline. */
const NARROW = 4;
const LATEST = 30;

/** The list of an entity, and the page of one row with its related rows. */
@Injectable()
export class RecordsPage {
  constructor(
    private readonly office: BackOffice,
    private readonly records: RecordsRepository,
    private readonly presenter: RecordPresenter,
    private readonly words: AdminWords,
    private readonly history: RecordHistory,
    private readonly shell: AdminShell,
    private readonly notes: RecordNotes,
    private readonly saved: SavedLists,
  ) {}

  /** Null when the requested page is empty by now. */
  async list(me: Principal, list: ListedEntity, query: ListQuery): Promise<Page | null> {
    const text = queryText(list, { ...query, cursor: null });
    const [found, scope, saved] = await Promise.all([
      this.records.list(list, query, PAGE_SIZE, { isCounted: true }),
      this.scope(list, query),
      this.saved.of(list, text),
    ]);
    if (query.cursor && found.items.length === 0) return null;
    const { previous, next } = found;
    const to = (cursor: string | null) => cursor && addressOf(list, { ...query, cursor });
    const model = {
      title: this.words.plural(list),
      path: list.address(),
      emptyIcon: list.declared.icon,
      q: query.q,
      searched: list.declared.search && this.words.field(list, list.searchOrder!.name),
      isFoundByPart: list.declared.foundBy.length > 0,
      total: found.total,
      csvUrl: `${list.address()}export.csv${text && `?${text}`}`,
      saved,
      query: text,
      saveAction: list.address('saved'),
      filters: this.filters(list, query),
      sort: query.sort === list.order(null).name ? null : query.sort,
      scope,
      isFiltered: Boolean(query.q ?? scope) || Object.keys(query.chosen).length > 0,
      table: this.table(list, list.list, found.items, query),
      bulk: me.isSuperuser ? this.bulkActions(list) : [],
      pages: me.isSuperuser ? this.listPages(list) : [],
      page: { previousUrl: to(previous), nextUrl: to(next) },
    };
    return this.shell.page('back-office/list', model, list.path);
  }

  /** `refused`: a note that was sent and not taken. */
  async row(me: Principal, list: ListedEntity, id: string, refused?: Form<object>): Promise<Page> {
    const [row, related, timeline, notes] = await Promise.all([
      this.records.get(list, id),
      Promise.all(
        this.office.listedUnder(list).map((each) => this.related(each.list, each.by, id)),
      ),
      list.declared.hasTrail ? this.timeline(id) : null,
      list.declared.hasNotes ? this.notes.of(id, refused) : null,
    ]);
    const { editing } = list.declared;
    const columns = list.columns.filter((column) => isTelling(column, row));
    const fields = this.presenter.fields(list, columns, row);
    const isEmpty = ({ cell }: { cell: { kind: string } }) => cell.kind === 'none';
    const model = {
      title: this.presenter.title(list, row),
      id: row.id,
      state: this.presenter.state(list, row),
      fields: fields.filter((field) => !isEmpty(field)),
      emptyFields: fields.filter(isEmpty).map(({ label }) => label),
      related,
      timeline,
      notes,
      form: notes?.form ?? null,
      editUrl:
        me.isSuperuser && editing && (editing.isOffered?.(row) ?? true)
          ? list.address(row.id, 'edit')
          : null,
      actions: this.actions(list, row).filter((each) => me.isSuperuser || each.isForAllStaff),
    };
    return this.shell.page('back-office/row', model, list.path, [this.crumb(list)]);
  }

  /** @throws DomainError `not_found` */
  async title(list: ListedEntity, id: string): Promise<string> {
    return this.presenter.title(list, await this.records.get(list, id));
  }

  crumb(list: ListedEntity): Crumb {
    return { href: list.address(), text: this.words.plural(list) };
  }

  /** Audit entries about a row, latest first. */
  private async timeline(id: string) {
    const entries = await this.history.of(id, LATEST);
    return { entries, isCut: entries.length === LATEST, count: LATEST };
  }

  private actions(list: ListedEntity, row: Row) {
    const { pages, actions } = list.declared;
    const own = Object.entries({ ...pages, ...actions });
    const offered: Array<{ by: ListedEntity; name: string; action: RowAction }> = [
      ...own.map(([name, action]) => ({ by: list, name, action })),
      ...this.office.pagesOf(list).map(({ list: by, name, page }) => ({ by, name, action: page })),
    ];
    return offered
      .filter(({ action }) => action.isOffered(row))
      .map(({ by, name, action: { icon, isDangerous, isForAllStaff } }) => ({
        href: list.address(row.id, name),
        text: this.words.action(by, name),
        icon,
        isDangerous: isDangerous ?? false,
        isForAllStaff: isForAllStaff ?? false,
      }));
  }

  private listPages(list: ListedEntity) {
    return Object.entries(list.declared.listPages)
      .filter(([, { isOffered }]) => isOffered())
      .map(([name, { icon }]) => ({
        href: list.address(name),
        text: this.words.action(list, name),
        icon,
      }));
  }

  private bulkActions(list: ListedEntity) {
    return Object.entries(list.declared.actions)
      .filter(([, { isBulk }]) => isBulk)
      .map(([name, { icon }]) => ({
        href: list.address('bulk', name),
        text: this.words.action(list, name),
        icon,
      }));
  }

  private async related(list: ListedEntity, by: string, id: string) {
    const { path } = list;
    const query: ListQuery = { q: null, chosen: {}, scope: { by, id }, sort: null, cursor: null };
    const { items, next } = await this.records.list(list, query, FEW);
    const { column } = this.office.scope(list, by);
    const others = list.list.filter((each) => each !== column).slice(0, NARROW);
    return {
      path,
      title: this.words.plural(list),
      table: this.table(list, others, items, null),
      allUrl: next ? addressOf(list, query) : null,
    };
  }

  private table(
    list: ListedEntity,
    columns: readonly ColumnDescription[],
    rows: readonly Row[],
    query: ListQuery | null,
  ) {
    return {
      caption: this.words.plural(list),
      columns: [list.title, ...columns].map((column) => this.heading(list, column, query)),
      rows: rows.map((row) => ({
        id: row.id,
        href: list.address(row.id),
        title: this.presenter.title(list, row),
        cells: this.presenter.fields(list, columns, row),
      })),
    };
  }

  /** The heading of a sortable column links to its order, and to the reverse when active. */
  private heading(
    list: ListedEntity,
    { name, property }: ColumnDescription,
    query: ListQuery | null,
  ) {
    const label = this.words.field(list, name);
    if (!query || !Object.hasOwn(list.declared.orders, property)) return { label };
    const now = orderOf(list, query);
    const isSorted = now.name.replace(/^-/, '') === name;
    const isDescending = isSorted ? Boolean(now.descending) : null;
    const sort = isSorted && !isDescending ? `-${name}` : name;
    return {
      label,
      sorted: isSorted && (isDescending ? 'descending' : 'ascending'),
      // What begins with a text has the order of the text.
      sortUrl:
        query.q && waysOf(list, query.q) === 'beginning'
          ? null
          : addressOf(list, { ...query, sort, cursor: null }),
    };
  }

  private filters(list: ListedEntity, { chosen }: ListQuery) {
    return Object.entries(list.filters).map(([name, choices]) => ({
      name,
      label: this.words.field(list, name),
      options: Object.keys(choices).map((value) => ({
        value,
        label: this.words.word(list, value),
        isChosen: chosen[name] === value,
      })),
    }));
  }

  /** The related row that the list is restricted to. */
  private async scope(list: ListedEntity, query: ListQuery) {
    if (!query.scope) return null;
    const { by, id } = query.scope;
    const { target } = this.office.scope(list, by);
    const row = await this.records.get(target, id);
    return {
      by,
      id,
      label: this.words.singular(target),
      title: this.presenter.title(target, row),
      href: target.address(id),
      withoutUrl: addressOf(list, { ...query, scope: null, cursor: null }),
    };
  }
}

type RowAction = OwnPage & Pick<Action, 'isDangerous'>;

/** Leaves out the id, the title and empty deletion columns. */
function isTelling({ name, isPrimary }: ColumnDescription, row: Row): boolean {
  if (isPrimary || name === 'is_active') return false;
  return !name.startsWith('deleted_') || row.deleted_at !== null;
}
