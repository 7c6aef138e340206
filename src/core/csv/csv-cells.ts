import { Injectable } from '@nestjs/common';
import { DEFAULT_LOCALE } from '../i18n/locales.js';
import type { TextKey } from '../i18n/text-keys.js';
import { Translator } from '../i18n/translator.js';
import { UUID } from '../utils/uuid.js';
import { folded, type CsvColumn } from './csv-columns.js';
import type { RowProblem } from './csv-rows.js';
import type { CsvTable } from './csv-table.js';
import { CsvTitlesRepository } from './csv-titles.repository.js';
import type { ImportedRow } from './sealed-rows.js';

type Columns = ReadonlyArray<CsvColumn | null>;

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
        const found =
          column.row && !UUID.test(cell) ? ids.get(column)?.get(cell.toLowerCase()) : null;
        if (column.row && !UUID.test(cell) && found?.length !== 1) {
          const key = found ? 'csv.errors.several_rows' : 'validation.unknown_row';
          problems.push({ number, field: column.name, key, args: {} });
        }
        values[column.name] = found?.[0] ?? this.typed(column, cell);
      });
      if (problems.length === before) read.push({ number, values });
    }
    return { read, problems };
  }

  private typed({ kind, words }: CsvColumn, cell: string): string {
    const said = folded(cell);
    if (kind === 'boolean') {
      if (['1', 'true', 'on', ...this.spoken('csv.yes')].includes(said)) return '1';
      return ['0', 'false', 'off', ...this.spoken('csv.no')].includes(said) ? '' : cell;
    }
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
