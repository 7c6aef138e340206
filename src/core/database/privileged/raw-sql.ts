import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { poolOf } from '../read-path/pipelined-read.js';

/** Runs SQL of a third-party engine and returns the rows of all its statements. */
export type RunSql = (text: string, values?: unknown[]) => Promise<unknown[]>;

export function rawSqlOn(pool: pg.Pool): RunSql {
  return async (text, values) => {
    const results = [await pool.query<object>(text, values)].flat();
    return results.flatMap(({ rows }) => rows);
  };
}

/**
 * Connection for the job queue's own SQL and tables, on the process's pool but outside of any unit of work
 * and role. `.dependency-cruiser.mjs` restricts its import.
 */
@Injectable()
export class RawSql {
  readonly run: RunSql;

  constructor(dataSource: DataSource) {
    this.run = rawSqlOn(poolOf(dataSource));
  }
}
