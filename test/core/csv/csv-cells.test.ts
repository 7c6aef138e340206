import { runInContext } from '../../../src/core/context/request-context.js';
import { CsvCells } from '../../../src/core/csv/csv-cells.js';
import type { CsvColumn } from '../../../src/core/csv/csv-columns.js';
import type { CsvTitlesRepository } from '../../../src/core/csv/csv-titles.repository.js';
import type { Translator } from '../../../src/core/i18n/translator.js';

const SAID: Record<string, string> = { 'csv.yes': 'Ja', 'csv.no': 'Nee' };
const texts = {
  t: (key: string, _: unknown, locale?: string) => (locale ? key.slice(4) : SAID[key]),
};
const cells = new CsvCells({} as CsvTitlesRepository, texts as unknown as Translator);

const column: CsvColumn = {
  name: 'outdoor',
  label: 'csv.yes',
  isRequired: false,
  kind: 'boolean',
  example: null,
  words: null,
  row: null,
  typed: String,
};

test.each([
  ...['1', 'true', 'on', 'Ja', 'yes', 'WAAR', 'VRAI'].map((cell) => [cell, '1']),
  ...['0', 'false', 'off', 'nee', 'NO', 'ONWAAR', 'FAUX'].map((cell) => [cell, '']),
  ...['x', 'y', '2', 'Oui'].map((cell) => [cell, null]),
])('a column of yes and no reads %s as %j', async (cell, value) => {
  const rows = [{ number: 2, cells: [cell!] }];
  const { read, problems } = await runInContext({ locale: 'nl-BE' }, () =>
    cells.read([column], rows),
  );
  if (value === null) {
    expect(problems).toEqual([{ number: 2, field: 'outdoor', key: 'validation.choice', args: {} }]);
  } else {
    expect([read, problems]).toEqual([[{ number: 2, values: { outdoor: value } }], []]);
  }
});
