import { Injectable } from '@nestjs/common';

/**
 * What one noun knows about the organisation in the scope, for its download: rows of plain values under
 * the same columns. Secrets are not data. A module that has data of an organisation offers its part.
 */
export interface DataPart {
  /** The name of its files: `members.json` and `members.csv`. */
  readonly name: string;
  readonly columns: readonly string[];
  /** Read in batches, each a short read of its own: a long list is never in memory. */
  rows(): AsyncIterable<Record<string, unknown>>;
}

/** The parts of a download. Nouns register theirs when the application starts. */
@Injectable()
export class DataParts {
  private readonly parts: DataPart[] = [];

  register(part: DataPart): void {
    this.parts.push(part);
  }

  get all(): readonly DataPart[] {
    return [...this.parts].sort((one, other) => one.name.localeCompare(other.name));
  }
}

const BATCH = 500;

/** Every row `read` gives, which takes the id of the last one before and how many to give. */
export async function* inBatches<T extends { id: string }>(
  read: (after: string | null, limit: number) => Promise<T[]>,
): AsyncGenerator<T> {
  for (let after: string | null = null; ;) {
    const rows: T[] = await read(after, BATCH);
    yield* rows;
    if (rows.length < BATCH) return;
    after = rows.at(-1)!.id;
  }
}
