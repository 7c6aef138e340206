import type { DeclaredColumn } from './declared-statements.js';
import type { DescribedColumn } from './described-columns.js';

/** What pg makes of a column of each type, as TypeScript names it. */
const PARSED: Record<string, string> = {
  bool: 'boolean',
  bytea: 'Buffer',
  date: 'Date',
  float8: 'number',
  inet: 'string',
  int2: 'number',
  int4: 'number',
  int8: 'string',
  text: 'string',
  timestamptz: 'Date',
  uuid: 'string',
  varchar: 'string',
  bpchar: 'string',
  _text: 'string[]',
  _bool: 'boolean[]',
};

/** JSON may be of any shape, which PostgreSQL does not know. */
const SHAPELESS = ['json', 'jsonb'];

/** In which ways the rows of a statement are not what its caller declares; none when they are. */
export function mismatches(declared: DeclaredColumn[], described: DescribedColumn[]): string[] {
  const columns = new Map(described.map((column) => [column.name, column]));
  const properties = new Set(declared.map(({ name }) => name));
  return [
    ...declared.flatMap((property) => {
      const column = columns.get(property.name);
      if (!column) return property.isOptional ? [] : [`${property.name} is no column`];
      return wrongIn(property, column);
    }),
    ...described
      .filter(({ name }) => !properties.has(name))
      .map(({ name }) => `${name} is not declared`),
  ];
}

function wrongIn(property: DeclaredColumn, column: DescribedColumn): string[] {
  const wrong: string[] = [];
  const { name } = property;
  if (property.type !== 'unknown' && !SHAPELESS.includes(column.type)) {
    const parsed = PARSED[column.type] ?? `something unknown`;
    if (
      property.type.replace(/^readonly /, '') !== parsed &&
      !isArrayOfWords(property.type, parsed)
    ) {
      wrong.push(`${name} is ${property.type}, and ${column.type} is ${parsed}`);
    }
  }
  if (column.isNullable === true && !property.isNullable && property.type !== 'unknown') {
    wrong.push(`${name} may be null`);
  }
  return wrong;
}

/** A list of words of a union is a list of texts. */
function isArrayOfWords(type: string, parsed: string): boolean {
  return parsed === 'string[]' && type.endsWith('[]');
}
