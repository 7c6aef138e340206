import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MIGRATIONS_TABLE, migrationClasses } from './schema/migrate.js';
import { poolOf } from './read-path/pipelined-read.js';

const PATIENCE_MS = 1_500;

/** Checks for probes whether the database answers and has all migrations. */
@Injectable()
export class DatabaseProbe {
  private running: Promise<unknown> | undefined;
  private next: Promise<unknown> | undefined;

  constructor(private readonly dataSource: DataSource) {}

  /**
   * One ping at a time: callers that arrive during one share the next, so that every answer is newer than its
   * question.
   * @throws when the database does not answer within 1.5 s
   */
  async ping(): Promise<void> {
    this.next ??= this.afterThis();
    await inTime(this.next);
  }

  private async afterThis(): Promise<unknown> {
    await this.running?.catch(() => undefined);
    this.next = undefined;
    this.running = inTime(poolOf(this.dataSource).query({ name: 'ping', text: 'SELECT 1' }));
    return this.running.finally(() => (this.running = undefined));
  }

  /** Names of migrations that are in the code and not applied to the database. */
  async pendingMigrations(): Promise<string[]> {
    const { rows } = await inTime(
      poolOf(this.dataSource).query<{ name: string }>({
        name: 'applied-migrations',
        text: `SELECT name FROM ${MIGRATIONS_TABLE}`,
      }),
    );
    const applied = new Set(rows.map((row) => row.name));
    return (await migrationClasses()).map(({ name }) => name).filter((name) => !applied.has(name));
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The database took too long')), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
