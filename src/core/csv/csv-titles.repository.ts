import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { CsvColumn } from './csv-columns.js';

type RowColumn = NonNullable<CsvColumn['row']>;

/** Titles of rows that fields lead to, and the rows that titles stand for: one statement for all of a column. */
@Injectable()
export class CsvTitlesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Titles by id, as far as they can be read. */
  async titles({ titleOf }: RowColumn, ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.unitOfWork.read<{ id: string; title: string | null }>({
      text: `SELECT chosen.id, ${titleOf('chosen.id')} AS title
        FROM unnest($1::uuid[]) AS chosen (id)`,
      values: [[...new Set(ids)]],
    });
    return new Map(rows.map(({ id, title }) => [id, title ?? id]));
  }

  /** The ids of the rows with these titles, by title in lower case: several where several are called the same. */
  async ids({ idsOf }: RowColumn, titles: readonly string[]): Promise<Map<string, string[]>> {
    if (!idsOf) return new Map();
    const rows = await this.unitOfWork.read<{ id: string; title: string }>({
      text: `SELECT found.id, found.title FROM (${idsOf('$1::text[]')}) AS found (id, title)`,
      values: [[...new Set(titles.map((title) => title.toLowerCase()))]],
    });
    const found = new Map<string, string[]>();
    for (const { id, title } of rows) found.set(title, [...(found.get(title) ?? []), id]);
    return found;
  }
}
