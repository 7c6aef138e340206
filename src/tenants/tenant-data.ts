import { Injectable } from '@nestjs/common';

/** One kind of thing an organisation owns, as its admins take it home. */
export interface TenantDataPart {
  /** Name of its files, without ending: `members`. */
  readonly name: string;
  /** Fields of each row in the order of the columns, named as in the API. Never a secret. */
  readonly columns: readonly string[];
  /** Every row of the organisation in the scope: short reads one after another, best `inBatches`. */
  rows(): AsyncIterable<DataRow>;
}

/** Values as JSON knows them, and times. */
export type DataRow = Record<string, unknown>;

/** What an organisation owns, part by part. Whoever keeps such data adds a part when the module starts. */
@Injectable()
export class TenantData {
  private readonly known = new Map<string, TenantDataPart>();

  add(part: TenantDataPart): void {
    if (this.known.has(part.name)) throw new Error(`There are two parts named ${part.name}`);
    this.known.set(part.name, part);
  }

  /** By name. */
  get parts(): TenantDataPart[] {
    return [...this.known.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }
}

/** Rows of one read. */
export const BATCH = 500;

/** Before every id. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** All rows, `BATCH` at a time: `read` gives those that come after `last`, or the first ones. */
export async function* inBatches<T>(read: (last: T | null) => Promise<T[]>): AsyncGenerator<T> {
  for (let last: T | null = null; ;) {
    const rows: T[] = await read(last);
    yield* rows;
    if (rows.length < BATCH) return;
    last = rows.at(-1)!;
  }
}
