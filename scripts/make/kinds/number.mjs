/** A consecutive number of the organisation and year, `2026-0001`, which the database gives to every row, once. */
export const number = {
  name: 'number',
  isGiven: true,
  problemOf: ({ isRequired, isUnique, isSearchable, fallback }) =>
    isRequired || isUnique || isSearchable || fallback !== undefined
      ? 'every row is given its own number, which is found by the search: leave out ! and modifiers'
      : undefined,
  isNullable: () => false,
  defaultOf: () => "''",
  sql: () => 'varchar(20)',
  column: () => [
    undefined,
    { type: "'varchar'", length: 20, default: "''", insert: 'false', update: 'false' },
  ],
  type: () => 'string',
  about: 'Given once, consecutive by year: `2026-0001`.',
  api: () => ({ readOnly: 'true', example: "'2026-0001'" }),
  shown: (_, value) => `{{${value}}}`,
  cell: 'whitespace-nowrap tabular-nums',
};
