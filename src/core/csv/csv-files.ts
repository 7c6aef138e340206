import { Injectable } from '@nestjs/common';
import { success, type FlashMessage } from '../http/pipeline/answers.js';
import type { TextKey } from '../i18n/text-keys.js';
import { Translator } from '../i18n/translator.js';
import { csvColumns, fieldText, type CsvColumn } from './csv-columns.js';
import { CsvExports } from './csv-exports.js';
import { CsvImports, type Outcome, type Preview } from './csv-imports.js';
import type { CsvRows } from './csv-rows.js';

/** How many problems of rows are shown. */
const SHOWN = 50;

/** CSV files of the lists of features, and what their pages say. */
@Injectable()
export class CsvFiles {
  constructor(
    readonly exports: CsvExports,
    readonly imports: CsvImports,
    private readonly texts: Translator,
  ) {}

  /** The list, and the columns that a file may have. */
  list({ feature, form }: CsvRows) {
    const columns = csvColumns(feature, form).map((column) => ({
      label: this.texts.t(column.label),
      isRequired: column.isRequired,
      holds: this.holds(column),
    }));
    return { title: this.texts.t(`${feature}.title` as TextKey), href: `/${feature}/`, columns };
  }

  presented({ feature }: CsvRows, preview: Preview) {
    const { columns, problems, ...others } = preview;
    return {
      ...others,
      title: this.texts.t(`${feature}.title` as TextKey),
      href: `/${feature}/`,
      columns: columns.map(({ header, column, sample }) => ({
        header,
        label: column && this.texts.t(column.label),
        sample,
      })),
      problems: problems.slice(0, SHOWN).map(({ number, field, key, args }) => ({
        number,
        field: field && this.texts.t(fieldText(feature, field)),
        text: this.texts.t(key, args),
      })),
      more: Math.max(0, problems.length - SHOWN),
    };
  }

  told({ count, refused, isRepeated }: Outcome, undo: string): FlashMessage {
    if (isRepeated) return { kind: 'info', key: 'csv.flash.repeated' };
    if (count === 0) return { kind: 'warning', key: 'csv.flash.none' };
    const told = refused > 0 ? 'csv.flash.imported_some' : 'csv.flash.imported';
    return { ...success(told, { count, refused }), undo };
  }

  toldUndone({ count, kept }: { count: number; kept: number }): FlashMessage {
    if (count === 0 && kept === 0) return { kind: 'info', key: 'csv.flash.undone_before' };
    return success(kept > 0 ? 'csv.flash.undone_some' : 'csv.flash.undone', { count, kept });
  }

  /** What a cell of a column may say. */
  private holds({ kind, words, row, example }: CsvColumn): string {
    if (row) return this.texts.t('csv.start.as_named');
    if (words)
      return this.listed(words.values.map((value) => `${words.texts}.${value}` as TextKey));
    if (kind === 'boolean') return this.listed(['csv.yes', 'csv.no']);
    if (kind === 'date') return this.texts.t('csv.start.date');
    if (kind === 'number') return this.texts.t('csv.start.number');
    return example ? this.texts.t('csv.start.like', { example }) : this.texts.t('csv.start.text');
  }

  private listed(keys: readonly TextKey[]): string {
    return keys.map((key) => this.texts.t(key)).join(', ');
  }
}
