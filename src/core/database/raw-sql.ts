import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { poolOf } from './pipelined-read.js';

/** Runs SQL of somebody else's making and returns its rows. */
export type RunSql = (text: string, values?: unknown[]) => Promise<unknown[]>;

/**
 * For an engine that brings its own SQL and its own tables (the job queue), on the process's pool but
 * outside of any unit of work and role. Nothing of ours asks for it.
 */
@Injectable()
export class RawSql {
  constructor(private readonly dataSource: DataSource) {}

  run: RunSql = async (text, values) =>
    (await poolOf(this.dataSource).query<object>(text, values)).rows;
}
