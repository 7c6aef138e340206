import { Injectable } from '@nestjs/common';
import type { ColumnDescription } from '../database/schema/entity-catalogue.js';
import type { Row } from './row.js';
import { AdminWords } from './admin-words.js';
import { BackOffice } from './back-office.js';
import type { ListedEntity } from './listed-entity.js';
import { maskJson, maskText } from './mask.js';
import { titleOf } from './record-statements.js';

/** A value as displayed: its kind and its text. */
export type Cell =
  | { kind: 'none' }
  | { kind: 'text' | 'prose' | 'code' | 'id'; text: string }
  | { kind: 'yes' | 'no'; text: string }
  | { kind: 'tag'; text: string; tone: Tone }
  | { kind: 'time'; at: Date }
  | { kind: 'day'; day: string }
  | { kind: 'link'; href: string; text: string };

type Tone = 'success' | 'warning' | 'error' | 'info' | '';

export interface Field {
  name: string;
  label: string;
  cell: Cell;
}

/** Presents rows by the metadata of their columns. */
@Injectable()
export class RecordPresenter {
  constructor(
    private readonly office: BackOffice,
    private readonly words: AdminWords,
  ) {}

  /** The title of a row; its id where it has none. */
  title(list: ListedEntity, row: Row): string {
    if (list.declared.nameOf)
      return list.declared.nameOf(row, (word) => this.words.word(list, word));
    const cell = this.cell(list, list.title, row);
    return 'text' in cell ? cell.text : row.id;
  }

  fields(list: ListedEntity, columns: readonly ColumnDescription[], row: Row): Field[] {
    return columns.map((column) => ({
      name: column.name,
      label: this.words.field(list, column.name),
      cell: this.cell(list, column, row),
    }));
  }

  /** The state of a row (active, inactive, deleted), if its entity has one. */
  state(list: ListedEntity, row: Row): Cell | null {
    if (row.deleted_at) return this.tag(list, 'deleted');
    if (typeof row.is_active !== 'boolean') return null;
    return this.tag(list, row.is_active ? 'active' : 'inactive');
  }

  cell(list: ListedEntity, column: ColumnDescription, row: Row): Cell {
    const { name, type, property, relation } = column;
    const value = row[name];
    if (name === 'is_active') return this.state(list, row) ?? { kind: 'none' };
    if (value === null || value === undefined || value === '') return { kind: 'none' };
    const inWords = list.inWords(property);
    if (inWords) return proseOf(maskText(inWords(value, row)));
    const target = relation && this.office.of(relation.target);
    if (target) {
      const id = textOf(value);
      const text = textOf(row[titleOf(name)] ?? id);
      return { kind: 'link', href: target.address(id), text };
    }
    if (typeof value === 'boolean') {
      const word = value ? 'yes' : 'no';
      return { kind: word, text: this.words.word(list, word) };
    }
    if (value instanceof Date) return { kind: 'time', at: value };
    if (type === 'date') return { kind: 'day', day: textOf(value) };
    if (type === 'uuid') return { kind: 'id', text: textOf(value) };
    if (type.startsWith('json')) {
      return { kind: 'code', text: JSON.stringify(maskJson(value), null, 2) };
    }
    const masked: readonly string[] = list.declared.masked;
    const text = textOf(value);
    if (list.wordsOf(name)?.includes(text)) return this.tag(list, text);
    const shown = masked.includes(property) ? maskText(text) : text;
    return { kind: type === 'text' && shown.includes('\n') ? 'prose' : 'text', text: shown };
  }

  private tag(list: ListedEntity, word: string): Cell {
    return { kind: 'tag', text: this.words.word(list, word), tone: TONES[word] ?? '' };
  }
}

const TONES: Readonly<Record<string, Tone>> = {
  active: 'success',
  accepted: 'success',
  completed: 'success',
  done: 'success',
  admin: 'info',
  pending: 'warning',
  retry: 'warning',
  inactive: 'error',
  deleted: 'error',
  cancelled: 'error',
  expired: 'error',
  failed: 'error',
};

function proseOf(text: string): Cell {
  return text === '' ? { kind: 'none' } : { kind: 'prose', text };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
