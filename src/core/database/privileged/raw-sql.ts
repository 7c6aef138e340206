import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { poolOf } from '../read-path/pipelined-read.js';

/** Runs SQL of somebody else's making and returns its rows, those of several statements one after another. */
export type RunSql = (text: string, values?: unknown[]) => Promise<unknown[]>;

export function rawSqlOn(pool: pg.Pool): RunSql {
  return async (text, values) => {
    const results = [await pool.query<object>(text, values)].flat();
    return results.flatMap(({ rows }) => rows);
  };
}

/**
 * For an engine that brings its own SQL and its own tables (the job queue), on the process's pool but
 * outside of any unit of work and role. `.dependency-cruiser.mjs` lets nobody else import it.
 */
@Injectable()
export class RawSql {
  readonly run: RunSql;

  constructor(dataSource: DataSource) {
    this.run = rawSqlOn(poolOf(dataSource));
  }
}
