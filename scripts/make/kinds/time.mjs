import { VALUE_FIELDS, input, orDash, orNull, nullable, presence } from './markup.mjs';

/** A time of day to the minute. */
export const time = {
  name: 'time',
  sql: () => 'time',
  column: (field) => ["'time'", { ...nullable(field), transformer: 'timeOfDay' }],
  columnImport: { timeOfDay: '../core/database/column-values.js' },
  type: (field) => orNull('string', field),
  forms: VALUE_FIELDS,
  decorator: (field) => `TimeField(${presence(field)})`,
  about: 'A time of day: `14:30`.',
  api: (field) => ({ type: "'string'", example: "'14:30'", ...nullable(field) }),
  listed: (column) => `to_char(${column}, 'HH24:MI')`,
  input: (field, names) => input('field', field, names, ' type="time"'),
  shown: (field, value) => orDash(field, value, `{{${value}}}`),
  cell: 'whitespace-nowrap tabular-nums',
  sample: () => ({ typed: "'14:30'", sent: "'14:30'", refused: "'25:00'" }),
};
