import { Injectable } from '@nestjs/common';
import { NEW_DAYS } from '../core/context/principal.js';
import { samplesRole } from '../core/database/privileged/samples.role.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { declared, declaredBy, listed, merged } from '../core/features/registry.js';
import type { MadeUpRow } from './made-up-rows.js';

/** A sample row that stays: somebody has changed it, or added something to it. */
export interface KeptRow {
  id: string;
  /** Null: rows of this table have no name. */
  title: string | null;
}

/** Sample rows of the organisation in context. Tables and columns are those that features declare. */
@Injectable()
export class SampleDataRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** In a unit of work, first: notes that the organisation has sample data. False when it has some, or is not new. */
  async begin(): Promise<boolean> {
    const begun = await this.unitOfWork.execute(
      `UPDATE tenant SET sample_data_since = now()
       WHERE id = app_tenant_id() AND sample_data_since IS NULL
         AND created_at > now() - interval '${NEW_DAYS} days'`,
    );
    return begun > 0;
  }

  /** In a unit of work, first: notes that it has none. False when it had none. */
  async end(): Promise<boolean> {
    const ended = await this.unitOfWork.execute(
      `UPDATE tenant SET sample_data_since = NULL
       WHERE id = app_tenant_id() AND sample_data_since IS NOT NULL`,
    );
    return ended > 0;
  }

  /** Adds rows to a table with one statement, and notes them. */
  async add(kind: string, rows: readonly MadeUpRow[]): Promise<void> {
    await this.unitOfWork.manager.insert(kind, [...rows]);
    await this.unitOfWork.post({
      text: `INSERT INTO sample_row (tenant_id, kind, row_id)
        SELECT app_tenant_id(), $1, unnest($2::uuid[])`,
      values: [kind, rows.map(({ id }) => id)],
    });
  }

  /** How many sample rows there are, by table. */
  async counts(): Promise<Map<string, number>> {
    const rows = await this.unitOfWork.read<{ kind: string; count: number }>({
      name: 'sample-rows',
      text: `SELECT kind, count(*)::int AS count FROM sample_row
        WHERE tenant_id = (SELECT app_tenant_id()) GROUP BY kind`,
    });
    return new Map(rows.map(({ kind, count }) => [kind, count]));
  }

  /** In a unit of work: nobody changes the sample rows of a table, or adds something to them, before it ends. */
  async hold(kind: string): Promise<void> {
    await this.unitOfWork.post({
      text: `SELECT FROM ${kind} WHERE tenant_id = app_tenant_id() AND id IN (${SAMPLES}) FOR UPDATE`,
      values: [kind],
    });
  }

  /**
   * The sample rows of a table that stay: those that somebody has changed and not deleted, and those with something that
   * stays. @param others rows of other tables that stay, asked for before: what belongs to a row comes before it
   */
  kept(kind: string, others: readonly string[]): Promise<KeptRow[]> {
    const { title = null } = declared('sampleData', kind);
    const stays = ({ table, where }: Belonging) =>
      `OR EXISTS (SELECT FROM ${table} c WHERE c.tenant_id = (SELECT app_tenant_id()) AND ${where}
        AND (c.id = ANY ($2::uuid[]) OR NOT EXISTS (SELECT FROM sample_row o
          WHERE o.tenant_id = (SELECT app_tenant_id()) AND o.row_id = c.id)))`;
    return this.unitOfWork.read<KeptRow>({
      name: `sample-rows-kept-${kind}`,
      text: `SELECT r.id, ${title ? `r.${title}` : 'NULL::text'} AS title
        FROM sample_row s JOIN ${kind} r ON r.tenant_id = s.tenant_id AND r.id = s.row_id
        WHERE s.tenant_id = (SELECT app_tenant_id()) AND s.kind = $1
          AND (r.deleted_at IS NULL AND r.updated_at <> s.added_at
            ${belongings(kind).map(stays).join('\n            ')} OR r.id = ANY ($2::uuid[]))
        ORDER BY 2, 1`,
      values: [kind, others],
    });
  }

  /** In a unit of work: these are rows like all others from now on. */
  async release(ids: readonly string[]): Promise<void> {
    await this.unitOfWork.post({
      text: 'DELETE FROM sample_row WHERE tenant_id = app_tenant_id() AND row_id = ANY ($1::uuid[])',
      values: [ids],
    });
  }

  /** In a unit of work: deletes the sample rows of a table, as the role that reaches no others. */
  async remove(kind: string): Promise<number> {
    const gone = await this.unitOfWork.runAs(samplesRole, () =>
      this.unitOfWork.execute(
        `DELETE FROM ${kind} WHERE tenant_id = app_tenant_id()
        AND id IN (${SAMPLES})`,
        [kind],
      ),
    );
    await this.unitOfWork.post({
      text: 'DELETE FROM sample_row WHERE tenant_id = app_tenant_id() AND kind = $1',
      values: [kind],
    });
    return gone;
  }
}

const SAMPLES = `SELECT s.row_id FROM sample_row s
  WHERE s.tenant_id = (SELECT app_tenant_id()) AND s.kind = $1`;

/** Rows `c` of another table that belong to a row `r`. */
interface Belonging {
  table: string;
  where: string;
}

/** What belongs to rows of a table: comments and the like, and rows that lead to them. */
function belongings(kind: string): Belonging[] {
  const has = merged('subjects').get(kind)?.has ?? [];
  const about = has.map((name) => ({
    table: declared('subjectCards', name).table,
    where: `c.subject = '${kind}' AND c.subject_id = r.id`,
  }));
  const owner = declaredBy('sampleData', kind).name;
  const children = listed('childLists').filter(({ of }) => of === owner);
  return [
    ...about,
    ...children.map(({ table, column }) => ({ table, where: `c.${column} = r.id` })),
  ];
}
