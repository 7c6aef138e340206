import type { Statement } from '../database/read-path/pipelined-read.js';

/** What the job engine would run to add a job: its only value is the list of jobs, as JSON. */
export interface JobStatement {
  text: string;
  values: unknown[];
}

/**
 * One statement that inserts a row and, only where it was inserted, adds the job: where the row exists, the
 * engine is given an empty list. Its result is how many rows were `added`.
 * @throws Error where the engine's statement is another than this one knows
 */
export function together(
  { name, text, values }: Required<Pick<Statement, 'name' | 'text' | 'values'>>,
  job: JobStatement,
): Statement {
  const places = job.text.split(JOBS);
  if (places.length !== 2 || job.values.length !== 1) {
    throw new Error('The job engine adds jobs in another way: see row-with-job.ts');
  }
  const jobs = `(CASE WHEN EXISTS (SELECT FROM added) THEN $${values.length + 1} ELSE '[]' END)`;
  return {
    name,
    text: `WITH added AS (${text}), job AS (${places.join(`${jobs}::text::json`)})
      SELECT count(*)::int AS added FROM added`,
    values: [...values, job.values[0]],
  };
}

/** The value in the engine's statement (pg-boss 12.35, `plans.insertJobs`). */
const JOBS = '$1::text::json';
