/** `due_date` as `dueDate`. */
type CamelCase<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** `dueDate` as `due_date`. */
type SnakeCase<Name extends string> = Name extends `${infer Letter}${infer Rest}`
  ? Letter extends Lowercase<Letter>
    ? `${Letter}${SnakeCase<Rest>}`
    : `_${Lowercase<Letter>}${SnakeCase<Rest>}`
  : Name;

type CamelKeys<T> = { [Name in keyof T as CamelCase<Name & string>]: CamelRows<T[Name]> };
type SnakeKeys<T> = { [Name in keyof T as SnakeCase<Name & string>]: SnakeRows<T[Name]> };

/** Rows within are renamed too; arrays, bytes and moments in an array are values. */
type CamelRows<V> =
  V extends Array<infer Row extends object> ? (Row extends Value ? V : Array<CamelKeys<Row>>) : V;
type SnakeRows<V> =
  V extends Array<infer Row extends object> ? (Row extends Value ? V : Array<SnakeKeys<Row>>) : V;
type Value = readonly unknown[] | ArrayBufferView | Date;

/** The same values under the names of TypeScript (`dueDate`), from those of forms, API and SQL (`due_date`). */
export function camelKeys<T extends object>(values: T): CamelKeys<T> {
  return renamed(values, camelCase) as CamelKeys<T>;
}

/** The same values under the names of forms, API and SQL (`due_date`), from those of TypeScript (`dueDate`). */
export function snakeKeys<T extends object>(values: T): SnakeKeys<T> {
  return renamed(values, snakeCase) as SnakeKeys<T>;
}

export function camelCase(name: string): string {
  return name.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
}

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function renamed(values: object, rename: (name: string) => string): object {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]: [string, unknown]) => [
      rename(name),
      Array.isArray(value)
        ? value.map((row: unknown) => (isRow(row) ? renamed(row, rename) : row))
        : value,
    ]),
  );
}

/** A plain object, or one of a class of `src` such as a form: no array, Buffer, Date or Map. */
function isRow(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}
