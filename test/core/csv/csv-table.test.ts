import { MAX_COLUMNS, MAX_ROWS, readCsv } from '../../../src/core/csv/csv-table.js';
import { csvLine, separatorOf } from '../../../src/core/utils/csv.js';

const read = (text: string) => readCsv(Buffer.from(text));
const keyOf = (bytes: Buffer | null): string => {
  try {
    readCsv(bytes);
    return 'none';
  } catch (error) {
    return (error as { key: string }).key;
  }
};

test.each([
  ['commas', 'name,city\r\nRoof,Leuven\r\n'],
  ['semicolons', 'name;city\nRoof;Leuven'],
  ['tabs', 'name\tcity\rRoof\tLeuven'],
  ['a byte order mark and quotes', '\uFEFF"name","city"\n"Roof","Leuven"'],
])('a file with %s is read', (_, text) => {
  expect(read(text)).toEqual({
    header: ['name', 'city'],
    rows: [{ number: 2, cells: ['Roof', 'Leuven'] }],
  });
});

test('rows have the numbers of the spreadsheet, and blank ones are left out', () => {
  const { rows } = read('name,notes\n\nRoof,"two\nlines"\n,\nBarn,');
  expect(rows).toEqual([
    { number: 3, cells: ['Roof', 'two\nlines'] },
    { number: 5, cells: ['Barn', ''] },
  ]);
});

test('what a spreadsheet would evaluate is written as text, and read as it was', () => {
  const cells = ['=1+1', '+1', '@x', '-1+1', "'=quoted", "''+twice", '-12.5', "it's", '＝1'];
  const line = csvLine(cells);
  expect(line).toBe(
    `"'=1+1","'+1","'@x","'-1+1","''=quoted","'''+twice","-12.5","it's","'＝1"\r\n`,
  );
  expect(read(`${csvLine(cells.map((_, index) => `c${index}`))}${line}`).rows[0]!.cells).toEqual(
    cells,
  );
});

test.each([
  ['en', ','],
  ['nl-BE', ';'],
  ['fr-BE', ';'],
] as const)('spreadsheets in %s separate by %s', (locale, separator) => {
  expect(separatorOf(locale)).toBe(separator);
  const cells = ['a;b', 'c,d', 'x'];
  const file = csvLine(['one', 'two', 'three'], separator) + csvLine(cells, separator);
  expect(read(file).rows[0]!.cells).toEqual(cells);
});

test('a file that cannot be read is refused with what is wrong', () => {
  const rows = (count: number) => Buffer.from(`name\n${'Roof\n'.repeat(count)}`);
  expect(keyOf(null)).toBe('csv.errors.no_file');
  expect(keyOf(Buffer.alloc(0))).toBe('csv.errors.no_file');
  expect(keyOf(Buffer.from('name\n\n'))).toBe('csv.errors.no_rows');
  expect(keyOf(rows(MAX_ROWS))).toBe('none');
  expect(keyOf(rows(MAX_ROWS + 1))).toBe('csv.errors.too_many_rows');
  const columns = (count: number) => Buffer.from(`${'name,'.repeat(count - 1)}name\nRoof`);
  expect(keyOf(columns(MAX_COLUMNS))).toBe('none');
  expect(keyOf(columns(MAX_COLUMNS + 1))).toBe('csv.errors.too_many_columns');
  expect(keyOf(Buffer.from(`name\n${','.repeat(MAX_COLUMNS)}`))).toBe(
    'csv.errors.too_many_columns',
  );
  // Blank rows do not hide those behind them.
  expect(keyOf(Buffer.from(`name\nRoof\n${',\n'.repeat(6_000)}Barn`))).toBe(
    'csv.errors.too_many_rows',
  );
  expect(keyOf(Buffer.alloc(600_000, 'a'))).toBe('csv.errors.too_large');
  expect(keyOf(Buffer.from([0x6e, 0x0a, 0xe9]))).toBe('csv.errors.encoding');
  expect(keyOf(Buffer.from('PK\u0003\u0004\0\0'))).toBe('csv.errors.encoding');
  expect(keyOf(Buffer.from('name\n"Roof'))).toBe('csv.errors.unreadable');
});
