/** Excel knows the encoding of a file by it. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** A line of a CSV file (RFC 4180). Times and data are as in JSON. */
export function csvLine(cells: readonly unknown[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

/** A text that begins like a formula would be worked out by the spreadsheet: it is made a text. */
function cellOf(value: unknown): string {
  const text = textOf(value);
  const isFormula = typeof value !== 'number' && /^[=+\-@\t\r\n＝＋－＠]/.test(text);
  return `"${isFormula ? "'" : ''}${text.replaceAll('"', '""')}"`;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
