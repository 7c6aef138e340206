import { CsvError, parse } from 'csv-parse/sync';
import { DomainError } from '../errors/domain-error.js';

/** Largest file in bytes. Encrypted and encoded, its rows fit into a form (1 MiB). */
export const MAX_FILE_BYTES = 512 * 1024;
/** Largest number of rows below the header. */
export const MAX_ROWS = 500;
/** Largest number of columns. */
export const MAX_COLUMNS = 100;
/** Records that are read of a file: rows may be blank in between. */
const MAX_RECORDS = MAX_ROWS * 10;

/** A CSV file: its header, and its rows as a spreadsheet numbers them (the header is row 1). */
export interface CsvTable {
  header: string[];
  rows: Array<{ number: number; cells: string[] }>;
}

/**
 * Reads a CSV file (RFC 4180, UTF-8 with or without byte order mark) whose cells are separated by commas,
 * semicolons or tabs. Rows without any text are left out.
 * @throws DomainError `invalid` at the field `file`
 */
export function readCsv(bytes: Buffer | null): CsvTable {
  const [header = [], ...others] = csvRecords(bytes);
  const rows = others
    .map((cells, index) => ({ number: index + 2, cells: cells.map(withoutApostrophe) }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  if (rows.length === 0) throw refused('csv.errors.no_rows');
  if (rows.length > MAX_ROWS) throw refused('csv.errors.too_many_rows', { max: MAX_ROWS });
  return { header: header.map((cell) => withoutApostrophe(cell).trim()), rows };
}

/** The cells of a CSV file, row by row, with or without a header. @throws DomainError as `readCsv` */
export function csvRecords(bytes: Buffer | null): string[][] {
  if (!bytes || bytes.length === 0) throw refused('csv.errors.no_file');
  if (bytes.length > MAX_FILE_BYTES)
    throw refused('csv.errors.too_large', { size: MAX_FILE_BYTES / 1024 });
  const records = recordsOf(textOf(bytes));
  if (records.length > MAX_RECORDS) throw refused('csv.errors.too_many_rows', { max: MAX_ROWS });
  if (records.some(({ length }) => length > MAX_COLUMNS)) {
    throw refused('csv.errors.too_many_columns', { max: MAX_COLUMNS });
  }
  return records;
}

function textOf(bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Not UTF-8.
  }
  throw refused('csv.errors.encoding');
}

function recordsOf(text: string): string[][] {
  const delimiter = delimiterOf(text);
  try {
    // One more than are read, to tell that there are too many.
    return parse(text, { delimiter, relax_column_count: true, to: MAX_RECORDS + 1 });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw refused('csv.errors.unreadable');
  }
}

/** Spreadsheets separate by what their country writes: the one that occurs most in the first line. */
function delimiterOf(text: string): string {
  const [line = ''] = text.split(/\r\n|\r|\n/, 1);
  const bare = line.replace(/"[^"]*"/g, '');
  const count = (delimiter: string) => bare.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** Takes back what `csvLine` puts before a cell that a spreadsheet would evaluate. */
function withoutApostrophe(cell: string): string {
  return /^'+[=+\-@\t\r\n＝＋－＠]/.test(cell) ? cell.slice(1) : cell;
}

function refused(
  key:
    | 'csv.errors.no_file'
    | 'csv.errors.too_large'
    | 'csv.errors.no_rows'
    | 'csv.errors.too_many_rows'
    | 'csv.errors.too_many_columns'
    | 'csv.errors.encoding'
    | 'csv.errors.unreadable',
  args: Record<string, unknown> = {},
): DomainError {
  return new DomainError('invalid', key, { field: 'file', args });
}
