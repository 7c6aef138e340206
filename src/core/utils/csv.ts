import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';

/** Byte order mark, by which Excel recognises UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** A line of a CSV file (RFC 4180). */
export function csvLine(cells: readonly string[], separator = ','): string {
  return `${cells.map(cellOf).join(separator)}\r\n`;
}

/** What spreadsheets of a language separate cells by: a semicolon, where a comma is the decimal sign. */
export function separatorOf(locale: string): ',' | ';' {
  return new Intl.NumberFormat(locale).format(1.5).includes(',') ? ';' : ',';
}

interface CsvPage {
  text: string;
  /** Cursor of the page after it; null: it is the last. */
  next: string | null;
}

/**
 * Streams a CSV file page by page, so that a long list is never held in memory. The stream is read outside of the
 * request's asynchronous context, which `page` gets back. An error ends the stream.
 * @param page reads the lines at a cursor (null: the first)
 */
export function csvStream(
  start: string,
  page: (cursor: string | null) => Promise<CsvPage>,
): Readable {
  const inContext = AsyncLocalStorage.snapshot();
  async function* read(): AsyncGenerator<string> {
    yield start;
    for (let cursor: string | null = null; ;) {
      const at: string | null = cursor;
      const shown: CsvPage = await inContext(() => page(at));
      yield shown.text;
      if (!shown.next) return;
      cursor = shown.next;
    }
  }
  return Readable.from(read());
}

/**
 * Prefixes text that a spreadsheet would evaluate as a formula (OWASP, CSV injection), and text that looks as
 * if it had been prefixed, so that a reader can take it back. A negative number is no formula.
 */
function cellOf(text: string): string {
  const isFormula = /^'*[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^-\d+(\.\d+)?$/.test(text);
  return `"${(isFormula ? `'${text}` : text).replaceAll('"', '""')}"`;
}
