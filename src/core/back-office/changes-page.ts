import { Injectable } from '@nestjs/common';
import type { Page } from '../http/pipeline/answers.js';
import { DomainError } from '../errors/domain-error.js';
import { Form, formOf } from '../http/forms/form.js';
import { validatedProperties } from '../utils/validated-properties.js';
import type { Action, Editing } from './admin-entity.js';
import type { Row } from './row.js';
import { AdminShell } from './admin-shell.js';
import { AdminWords } from './admin-words.js';
import type { ListedEntity } from './listed-entity.js';
import { RecordPresenter } from './record.presenter.js';

/** A row of a bulk action that was refused, with the reason. */
export interface Refusal {
  row: Row;
  error: DomainError;
}

/** Pages for changes: edit forms and confirmations. */
@Injectable()
export class ChangesPage {
  constructor(
    private readonly presenter: RecordPresenter,
    private readonly words: AdminWords,
    private readonly shell: AdminShell,
  ) {}

  /** The edit page. With a refused form: the typed values beside the current ones. */
  edit(list: ListedEntity, row: Row, refused?: Form<object>): Page {
    const title = this.presenter.title(list, row);
    const form = refused ?? Form.blank(valuesOf(list, row));
    const isStale = 'version' in form.values && form.values.version !== String(row.version);
    const model = {
      title,
      action: list.address(row.id, 'edit'),
      back: list.address(row.id),
      version: row.version,
      fields: this.fields(list),
      savedNow: isStale ? this.presenter.fields(list, editable(list), row) : null,
      form,
    };
    const crumbs = [this.crumb(list), { href: list.address(row.id), text: title }];
    return this.shell.page('back-office/edit', model, list.path, crumbs);
  }

  /** Validates the sent form with its class. */
  sent(list: ListedEntity, body: unknown): Form<object> {
    const { form } = this.editing(list);
    const pipe = new (formOf(form))();
    return pipe.transform(body, { type: 'body' });
  }

  /** The confirmation page for one row or several; after a bulk action, with the refused rows. */
  confirm(
    list: ListedEntity,
    name: string,
    rows: readonly Row[],
    action: string,
    refusals: readonly Refusal[] = [],
  ): Page {
    const [first] = rows;
    const isOne = rows.length === 1 && first !== undefined;
    const model = {
      question: this.words.question(
        list,
        name,
        isOne ? { name: this.presenter.title(list, first) } : { count: rows.length },
      ),
      consequence: this.words.consequence(list, name),
      submit: this.words.action(list, name),
      isDangerous: this.action(list, name).isDangerous ?? false,
      action,
      back: isOne ? list.address(first.id) : list.address(),
      rows: rows.map((row) => ({
        id: row.id,
        href: list.address(row.id),
        title: this.presenter.title(list, row),
        refusal: this.words.refusal(refusals.find((each) => each.row === row)?.error),
      })),
      isOne,
    };
    return this.shell.page('back-office/confirm', model, list.path, [this.crumb(list)]);
  }

  /** @throws DomainError `not_found` */
  action({ declared }: ListedEntity, name: string): Action {
    const action = Object.hasOwn(declared.actions, name) ? declared.actions[name] : undefined;
    if (!action) throw new DomainError('not_found', 'errors.not_found');
    return action;
  }

  /** @throws DomainError `not_found` where nothing can be edited */
  editing({ declared }: ListedEntity, row?: Row): Editing {
    const { editing } = declared;
    if (!editing || (row && editing.isOffered?.(row) === false)) {
      throw new DomainError('not_found', 'errors.not_found');
    }
    return editing;
  }

  private crumb(list: ListedEntity) {
    return { href: list.address(), text: this.words.plural(list) };
  }

  private fields(list: ListedEntity) {
    return editable(list).map(({ name, type, length, isNullable }) => ({
      name,
      label: this.words.field(list, name),
      control: list.wordsOf(name)
        ? 'select'
        : (CONTROLS[type] ?? (isLong(length) ? 'area' : 'text')),
      maxlength: length,
      isOptional: isNullable,
      blank: isNullable ? '–' : null,
      options: list.wordsOf(name)?.map((value) => ({ value, label: this.words.word(list, value) })),
    }));
  }
}

const CONTROLS: Readonly<Record<string, string>> = { boolean: 'checkbox', date: 'date' };

function isLong(length: number | null): boolean {
  return length === null || length > 500;
}

/** Columns that correspond to the form's fields, in the order of the form. */
function editable({ declared, columns }: ListedEntity) {
  if (!declared.editing) return [];
  const { form, except = [] } = declared.editing;
  const left = ['version', ...except];
  return validatedProperties(form)
    .filter((name) => !left.includes(name))
    .flatMap((name) => columns.filter((column) => column.name === name));
}

/** Form values of a row; an unticked checkbox has none. */
function valuesOf(list: ListedEntity, row: Row): Record<string, string> {
  const names = [
    ...editable(list).map(({ name }) => name),
    ...('version' in row ? ['version'] : []),
  ];
  return Object.fromEntries(
    names.map((name) => {
      const value = row[name];
      const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
      return [name, value === true ? '1' : text];
    }),
  );
}
