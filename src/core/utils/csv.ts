/** Byte order mark, by which Excel recognises UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** A line of a CSV file (RFC 4180). */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

/**
 * Prefixes text that a spreadsheet would evaluate as a formula (OWASP, CSV injection), and text that looks as
 * if it had been prefixed, so that a reader can take it back. A negative number is no formula.
 */
function cellOf(text: string): string {
  const isFormula = /^'*[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^-\d+(\.\d+)?$/.test(text);
  return `"${(isFormula ? `'${text}` : text).replaceAll('"', '""')}"`;
}
