import { Injectable } from '@nestjs/common';
import { currentContext } from '../context/request-context.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { DomainError } from '../errors/domain-error.js';
import { formOf, type Form } from '../http/forms/form.js';
import { DEFAULT_LOCALE } from '../i18n/locales.js';
import { Translator } from '../i18n/translator.js';
import { FairTurns } from '../utils/fair-turns.js';
import { camelKeys } from '../utils/cases.js';
import { Semaphore } from '../utils/semaphore.js';
import { CsvCells } from './csv-cells.js';
import { csvColumns, folded, type CsvColumn } from './csv-columns.js';
import type { CsvRows, CsvSource, RowProblem } from './csv-rows.js';
import { readCsv, type CsvTable } from './csv-table.js';
import { RowImportsRepository, type RowImport } from './row-imports.repository.js';
import { SealedRows, type ImportedRow, type PreviewedImport } from './sealed-rows.js';

export interface Preview {
  fileName: string;
  /** The columns of the file; `column` is null where it is none of the form. */
  columns: Array<{ header: string; column: CsvColumn | null; sample: string }>;
  /** How many rows will be added. */
  count: number;
  problems: RowProblem[];
  /** How many rows are left out. */
  refused: number;
  /** The rows to confirm. */
  sealed: string;
}

export interface Outcome {
  id: string;
  /** How many rows were added. */
  count: number;
  /** How many could be added when they were shown, and cannot any more. */
  refused: number;
  /** Whether the same preview had been confirmed before. */
  isRepeated: boolean;
}

/** Imports of rows from CSV files: shown first, added once, taken back as far as they have not been changed. */
@Injectable()
export class CsvImports {
  /**
   * Each holds a connection for as long as it takes: others keep enough. Of an organisation one at a time, since its
   * others would only wait for its locks.
   */
  private readonly turns = new FairTurns(
    new Semaphore(2, { length: 10, refusal: busy }),
    () => new Semaphore(1, { length: 3, refusal: busy }),
  );

  constructor(
    private readonly cells: CsvCells,
    private readonly imports: RowImportsRepository,
    private readonly sealedRows: SealedRows,
    private readonly texts: Translator,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * Reads a file and tries to add its rows, of which nothing stays: what the database refuses is told too.
   * @throws DomainError `invalid` at the field `file`
   */
  async preview(
    rows: CsvRows,
    source: CsvSource<never>,
    { name, bytes }: { name: string; bytes: Buffer | null },
  ): Promise<Preview> {
    const table = readCsv(bytes);
    const columns = this.recognised(rows, table);
    const { read, problems: unread } = await this.cells.read(columns, table.rows);
    const { added, problems } = await this.inTurn(() => this.rehearse(rows, source, read));
    const all = [...unread, ...problems].sort((one, other) => one.number - other.number);
    return {
      fileName: name,
      columns: columns.map((column, index) => ({
        header: table.header[index] ?? '',
        column,
        sample: table.rows[0]?.cells[index] ?? '',
      })),
      count: added.length,
      problems: all,
      refused: table.rows.length - added.length,
      sealed: this.sealedRows.seal(
        rows.feature,
        name,
        added.map(({ number, values }) => ({ number, values })),
      ),
    };
  }

  /**
   * Adds the rows of a preview in one unit of work. Confirmed again, also at the same time, it adds nothing.
   * @throws DomainError `invalid` where the preview is too old or not of this person
   */
  async confirm(rows: CsvRows, source: CsvSource<never>, sealed: string): Promise<Outcome> {
    const previewed = this.sealedRows.open(rows.feature, sealed);
    if (!previewed) throw new DomainError('invalid', 'csv.errors.outdated', { field: 'file' });
    return this.inTurn(() => this.unitOfWork.run(() => this.once(rows, source, previewed)));
  }

  /**
   * Deletes the rows that an import has added and nobody has changed since. Returns how many went, and how many
   * stayed. @throws DomainError `not_found`
   */
  async undo({ feature }: CsvRows, source: CsvSource<never>, id: string) {
    const undo = async () => {
      const ids = await this.imports.undo(id, feature);
      if (!ids) throw new DomainError('not_found', 'errors.not_found');
      const outcomes: Array<'deleted' | 'stale' | 'gone'> = [];
      for (const each of ids) outcomes.push(await this.deleted(source, each));
      const count = outcomes.filter((outcome) => outcome === 'deleted').length;
      return { count, kept: outcomes.filter((outcome) => outcome === 'stale').length };
    };
    return this.inTurn(() => this.unitOfWork.run(undo));
  }

  latest({ feature }: CsvRows): Promise<RowImport[]> {
    return this.imports.latest(feature);
  }

  /** The primary key of the import lets the first one add rows; others wait for it. */
  private async once(
    rows: CsvRows,
    source: CsvSource<never>,
    { id, fileName, rows: read }: PreviewedImport,
  ): Promise<Outcome> {
    if (!(await this.imports.begin(id, rows.feature, fileName))) {
      return { id, count: 0, refused: 0, isRepeated: true };
    }
    const { added } = await this.add(rows, source, read);
    const ids = added.map((row) => row.id);
    await this.imports.addRows(id, ids);
    return { id, count: ids.length, refused: read.length - ids.length, isRepeated: false };
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.run(currentContext().tenantId ?? '', work);
  }

  /**
   * The column of each header: by its label in the person's language or in English, or by the name of the field.
   * @throws DomainError `invalid` where none is known, or one is missing that each row needs
   */
  private recognised({ feature, form }: CsvRows, { header }: CsvTable): Array<CsvColumn | null> {
    const all = csvColumns(feature, form);
    const names = new Map(all.map((column) => [column, this.namesOf(column)]));
    const left = new Set(all);
    const columns = header.map((text) => {
      const said = folded(text);
      const found = [...left].find((column) => names.get(column)!.includes(said));
      if (!found) return null;
      left.delete(found);
      return found;
    });
    if (left.size === all.length) throw fileRefused('csv.errors.no_columns', all, this.texts);
    const missing = [...left].filter(({ isRequired }) => isRequired);
    if (missing.length > 0) throw fileRefused('csv.errors.missing_columns', missing, this.texts);
    return columns;
  }

  private namesOf({ name, label }: CsvColumn): string[] {
    return [name, this.texts.t(label), this.texts.t(label, undefined, DEFAULT_LOCALE)].map(folded);
  }

  /** Adds the rows in a unit of work that is rolled back. */
  private async rehearse(rows: CsvRows, source: CsvSource<never>, read: readonly ImportedRow[]) {
    let outcome: Awaited<ReturnType<CsvImports['add']>> | undefined;
    await this.unitOfWork
      .run(async () => {
        outcome = await this.add(rows, source, read);
        throw REHEARSED;
      })
      .catch((error: unknown) => {
        if (error !== REHEARSED) throw error;
      });
    return outcome!;
  }

  /** Adds each row that can be, in the open unit of work. */
  private async add({ form }: CsvRows, source: CsvSource<never>, rows: readonly ImportedRow[]) {
    const check = new (formOf(form))();
    const added: Array<ImportedRow & { id: string }> = [];
    const problems: RowProblem[] = [];
    for (const row of rows) {
      const checked = check.transform(row.values, { type: 'body' });
      const created = checked.ok && (await this.created(source, checked));
      if (created) added.push({ ...row, id: created.id });
      else problems.push(...checked.problems.map((each) => ({ ...each, number: row.number })));
    }
    return { added, problems };
  }

  private async created(source: CsvSource<never>, form: Form<object>) {
    try {
      const details = camelKeys(form.input) as never;
      return await this.unitOfWork.attempt(() => source.create(details));
    } catch (error) {
      if (!isAboutRow(error)) throw error;
      form.refused(error);
      return null;
    }
  }

  private async deleted(
    source: CsvSource<never>,
    id: string,
  ): Promise<'deleted' | 'stale' | 'gone'> {
    try {
      await this.unitOfWork.attempt(() => source.delete(id, [UNCHANGED]));
      return 'deleted';
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.kind === 'stale') return 'stale';
      if (error.kind === 'not_found') return 'gone';
      throw error;
    }
  }
}

/** The version of a row that nobody has changed. */
const UNCHANGED = 1;

const REHEARSED = new Error('The rows of a preview do not stay');

const ABOUT_ROW = new Set(['invalid', 'conflict', 'limit_reached']);

function isAboutRow(error: unknown): error is DomainError {
  return error instanceof DomainError && ABOUT_ROW.has(error.kind);
}

function busy(): DomainError {
  return new DomainError('unavailable', 'csv.errors.busy', { field: 'file', retryAfter: 30 });
}

function fileRefused(
  key: 'csv.errors.no_columns' | 'csv.errors.missing_columns',
  columns: readonly CsvColumn[],
  texts: Translator,
): DomainError {
  const labels = columns.map(({ label }) => texts.t('csv.quoted', { text: texts.t(label) }));
  return new DomainError('invalid', key, { field: 'file', args: { columns: labels.join(', ') } });
}
