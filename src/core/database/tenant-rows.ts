import { Injectable } from '@nestjs/common';
import { EntityCatalogue } from './schema/entity-catalogue.js';
import { UnitOfWork } from './unit-of-work.js';

type Row = Readonly<Record<string, unknown>>;

/** The rows of the organisation in the context, as the database has them. */
@Injectable()
export class TenantRows {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly catalogue: EntityCatalogue,
  ) {}

  /**
   * Reads every row, deleted ones too, in the order of their ids. Days are texts (`2027-01-31`).
   * @throws Error when the table, which has an `id`, lacks one of the columns, or hides it as a secret
   */
  reader(table: string, columns: readonly string[]): () => AsyncGenerator<Row> {
    const known = new Map(
      this.catalogue.describe(table).columns.map(({ name, type }) => [name, type]),
    );
    const selected = columns.map((name) => {
      const type = known.get(name);
      if (!type) throw new Error(`The table ${table} has no column ${name} to be read`);
      return type === 'date' ? `"${name}"::text` : `"${name}"`;
    });
    const text = `SELECT id, ${selected.join(', ')} FROM ${table}
      WHERE tenant_id = app_tenant_id() AND ($1::uuid IS NULL OR id > $1) ORDER BY id LIMIT $2`;
    return () =>
      inBatches((after, limit) =>
        this.unitOfWork.read<Row & { id: string }>({ text, values: [after, limit] }),
      );
  }
}

const BATCH = 500;

/** Iterates all rows of `read`, which takes the last id of the previous batch and the batch size. */
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
