import { Injectable, StreamableFile } from '@nestjs/common';
import type { Request } from 'express';
import { currentContext } from '../context/request-context.js';
import type { TextKey } from '../i18n/text-keys.js';
import { Translator } from '../i18n/translator.js';
import { camelCase } from '../utils/cases.js';
import { BYTE_ORDER_MARK, csvLine, csvStream, separatorOf } from '../utils/csv.js';
import { csvColumns, fieldText, type CsvColumn } from './csv-columns.js';
import type { CsvRows, CsvSource } from './csv-rows.js';
import { CsvTitlesRepository } from './csv-titles.repository.js';

/** Rows per read; a long list is never held in memory. */
const AT_ONCE = 500;

/** What a list answers: JSON, or its rows as CSV. */
export type OrCsv<T> = T | StreamableFile;

/** Whether the client of a list asks for it as CSV (RFC 9110 §12.5.1). */
export function wantsCsv(req: Request): boolean {
  req.res?.vary('Accept');
  return req.accepts(['application/json', 'text/csv']) === 'text/csv';
}

/** Streams all rows that a query of a list finds as CSV (RFC 4180, UTF-8). */
@Injectable()
export class CsvExports {
  constructor(
    private readonly titles: CsvTitlesRepository,
    private readonly texts: Translator,
  ) {}

  /** For people: labels, words, titles and separators of their language, as an import reads them again. */
  forPeople<Q extends object>(rows: CsvRows, source: CsvSource<Q>, query: Q): StreamableFile {
    const columns = csvColumns(rows.feature, rows.form);
    const given = rows.given ?? [];
    const header = [
      ...given.map((name) => this.texts.t(fieldText(rows.feature, name))),
      ...columns.map(({ label }) => this.texts.t(label)),
    ];
    const separator = separatorOf(currentContext().locale);
    const start = BYTE_ORDER_MARK + csvLine(header, separator);
    return file(rows, separator, start, source, query, async (items) => {
      const titlesOf = await this.titlesOf(columns, items);
      return items.map((item) => [
        ...given.map((name) => textOf(valueOf(item, name))),
        ...columns.map((column) => {
          const value = valueOf(item.details, column.name);
          return titlesOf.get(column)?.get(textOf(value)) ?? this.cell(column, value);
        }),
      ]);
    });
  }

  /**
   * For clients of the API: names and values as in JSON, and the id. Text that a spreadsheet would evaluate begins with
   * an apostrophe here too, since such files are opened by people in the end.
   */
  forClients<Q extends object>(rows: CsvRows, source: CsvSource<Q>, query: Q): StreamableFile {
    const names = csvColumns(rows.feature, rows.form).map(({ name }) => name);
    const given = ['id', ...(rows.given ?? [])];
    return file(rows, ',', csvLine([...given, ...names]), source, query, (items) =>
      items.map((item) => [
        ...given.map((name) => textOf(valueOf(item, name))),
        ...names.map((name) => textOf(valueOf(item.details, name))),
      ]),
    );
  }

  private cell({ kind, words, typed }: CsvColumn, value: unknown): string {
    if (value === null) return '';
    if (kind === 'boolean') return this.texts.t(value ? 'csv.yes' : 'csv.no');
    if (words) return this.texts.t(`${words.texts}.${textOf(value)}` as TextKey);
    return typed(value);
  }

  private async titlesOf(columns: readonly CsvColumn[], items: ReadonlyArray<{ details: object }>) {
    const found = new Map<CsvColumn, Map<string, string>>();
    for (const column of columns) {
      if (!column.row) continue;
      const ids = items.map(({ details }) => textOf(valueOf(details, column.name))).filter(Boolean);
      found.set(column, await this.titles.titles(column.row, ids));
    }
    return found;
  }
}

type Lines<Item> = (items: Item[]) => string[][] | Promise<string[][]>;
type ItemOf<Q extends object> = Awaited<ReturnType<CsvSource<Q>['many']>>[number];

function file<Q extends object>(
  { feature }: CsvRows,
  separator: ',' | ';',
  start: string,
  source: CsvSource<Q>,
  query: Q,
  lines: Lines<ItemOf<Q>>,
): StreamableFile {
  const stream = csvStream(start, async (cursor) => {
    const asked: Q & { cursor: string | null; limit: number } = {
      ...query,
      cursor,
      limit: AT_ONCE,
    };
    const { items, next } = await source.list(asked);
    const ids = items.map(({ id }) => id);
    const byId = new Map((await source.many(ids)).map((item) => [item.id, item]));
    const shown = ids.flatMap((id) => byId.get(id) ?? []);
    const text = (await lines(shown)).map((cells) => csvLine(cells, separator)).join('');
    return { text, next };
  });
  return new StreamableFile(stream, {
    type: 'text/csv; charset=utf-8',
    disposition: `attachment; filename="${feature}.csv"`,
  });
}

/** A value by its name in snake case. */
function valueOf(item: object, name: string): unknown {
  return (item as Record<string, unknown>)[camelCase(name)] ?? null;
}

function textOf(value: unknown): string {
  return value === null ? '' : `${value as string | number | boolean}`;
}
