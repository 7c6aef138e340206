import { Injectable } from '@nestjs/common';
import { currentContext } from '../context/request-context.js';
import { DEFAULT_LOCALE, languageOf, type Locale } from '../i18n/locales.js';
import type { TextKey } from '../i18n/text-keys.js';
import { Translator } from '../i18n/translator.js';
import { UUID } from '../utils/uuid.js';
import { folded, type CsvColumn } from './csv-columns.js';
import type { RowProblem } from './csv-rows.js';
import type { CsvTable } from './csv-table.js';
import { CsvTitlesRepository } from './csv-titles.repository.js';
import type { ImportedRow } from './sealed-rows.js';

type Columns = ReadonlyArray<CsvColumn | null>;

/** A cell that cannot be read as its column wants it. */
interface Unread {
  problem: TextKey;
}

/** What spreadsheets write for a boolean, in their language. */
const YES = ['1', 'true', 'on', 'waar', 'vrai'];
const NO = ['0', 'false', 'off', 'onwaar', 'faux'];

/** Reads cells as the form of the rows would send them: translated words, yes and no, names of other rows. */
@Injectable()
export class CsvCells {
  constructor(
    private readonly titles: CsvTitlesRepository,
    private readonly texts: Translator,
  ) {}

  /** `problems`: cells that name no row, or several. Everything else is left to the form. */
  async read(columns: Columns, rows: CsvTable['rows']) {
    const ids = await this.idsOf(columns, rows);
    const read: ImportedRow[] = [];
    const problems: RowProblem[] = [];
    for (const { number, cells } of rows) {
      const values: Record<string, string> = {};
      const before = problems.length;
      columns.forEach((column, index) => {
        const cell = cells[index]?.trim() ?? '';
        // A blank cell is a field that is not there: what it is by default.
        if (!column || cell === '') return;
        const value = column.row ? this.idOf(ids.get(column)!, cell) : this.typed(column, cell);
        if (typeof value === 'string') values[column.name] = value;
        else problems.push({ number, field: column.name, key: value.problem, args: {} });
      });
      if (problems.length === before) read.push({ number, values });
    }
    return { read, problems };
  }

  private idOf(ids: ReadonlyMap<string, readonly string[]>, cell: string): string | Unread {
    if (UUID.test(cell)) return cell;
    const [id, ...others] = ids.get(cell.toLowerCase()) ?? [];
    if (id === undefined) return { problem: 'validation.unknown_row' };
    return others.length > 0 ? { problem: 'csv.errors.several_rows' } : id;
  }

  private typed({ kind, words }: CsvColumn, cell: string): string | Unread {
    const said = folded(cell);
    if (kind === 'boolean') {
      if ([...YES, ...this.spoken('csv.yes')].includes(said)) return '1';
      if ([...NO, ...this.spoken('csv.no')].includes(said)) return '';
      return { problem: 'validation.choice' };
    }
    if (kind === 'date') return dayOf(cell, currentContext().locale);
    const word = words?.values.find(
      (value) => value === said || this.spoken(`${words.texts}.${value}` as TextKey).includes(said),
    );
    return word ?? cell;
  }

  /** In the person's language, and in English. */
  private spoken(key: TextKey): string[] {
    return [this.texts.t(key), this.texts.t(key, undefined, DEFAULT_LOCALE)].map(folded);
  }

  private async idsOf(columns: Columns, rows: CsvTable['rows']) {
    const found = new Map<CsvColumn, Map<string, string[]>>();
    for (const [index, column] of columns.entries()) {
      if (!column?.row) continue;
      const titles = rows.map(({ cells }) => cells[index]?.trim() ?? '').filter(Boolean);
      found.set(column, await this.titles.ids(column.row, titles));
    }
    return found;
  }
}

/**
 * A day as the form wants it, `2027-03-01`. Spreadsheets in Dutch and French save it as `1/03/2027`; in English it is
 * not known whether day or month comes first.
 */
function dayOf(cell: string, locale: Locale): string {
  const found =
    languageOf(locale) === 'en' ? null : /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(cell);
  if (!found) return cell;
  const [, day = '', month = '', year = ''] = found;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
