import type { Type } from '@nestjs/common';
import type { ListPage } from '../database/keyset.js';
import type { SeenVersions } from '../database/version.js';
import type { FormProblem } from '../http/forms/form.js';

/** What a feature says of its rows to have them written to CSV files and read from them. */
export interface CsvRows<F extends object = object> {
  /** Name of the feature: its list is at `/<feature>/`, its labels are `<feature>.fields.<field>`. */
  feature: string;
  /** The form by which people enter a row. Its fields are the columns. */
  form: Type<F>;
  /** Fields that the database gives, exported before the others. */
  given?: readonly string[];
}

/** The use cases of the rows: its service. */
export interface CsvSource<Query extends object> {
  /** One page of the list, `limit` rows at most. */
  list(query: Query & { cursor: string | null; limit: number }): Promise<ListPage<{ id: string }>>;
  /** These rows, deleted ones too, in any order; `details` are the values of the form, in camel case. */
  many(ids: readonly string[]): Promise<Array<{ id: string; details: object }>>;
  /** @throws DomainError */
  create(details: never): Promise<{ id: string }>;
  /** @throws DomainError `stale` where the row has another version by now, `not_found` */
  delete(id: string, seen: SeenVersions): Promise<unknown>;
}

/** What is wrong with a row of a file, with its number there. */
export interface RowProblem extends FormProblem {
  number: number;
}
