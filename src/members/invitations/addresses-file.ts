import { csvRecords } from '../../core/csv/csv-table.js';

/**
 * The addresses of a CSV file, one a line: the column that holds most of them, without its heading. What is no address
 * stays in, to be reported. @throws DomainError `invalid` at the field `file`
 */
export function addressesInFile(bytes: Buffer): string[] {
  const records = csvRecords(bytes);
  const columns = Math.max(0, ...records.map(({ length }) => length));
  const held = Array.from(
    { length: columns },
    (_, column) => records.filter((cells) => cells[column]?.includes('@')).length,
  );
  const column = Math.max(0, held.indexOf(Math.max(...held)));
  const cells = records.map((record) => bareAddress(record[column] ?? ''));
  const hasHeading = cells.length > 1 && !cells[0]!.includes('@');
  return cells.slice(hasHeading ? 1 : 0).filter(Boolean);
}

/** `Ann Peeters <ann@acme.example>` → `ann@acme.example`. */
function bareAddress(cell: string): string {
  return (/<([^<>]*@[^<>]*)>/.exec(cell)?.[1] ?? cell).trim();
}
