import { Injectable } from '@nestjs/common';
import { currentContext } from '../context/request-context.js';
import { retentionRole } from '../database/privileged/retention.role.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import { untilNone } from '../database/until-none.js';
import { DAY } from '../jobs/queues.js';
import { Sweeper } from '../jobs/sweeper.js';

/** An import that was confirmed. */
export interface RowImport {
  id: string;
  fileName: string;
  createdAt: Date;
  /** How many rows it added. */
  count: number;
  /** Null while nobody took it back. */
  undoneAt: Date | null;
  /** Whether it can be taken back: it added rows, in the last seven days. */
  isUndoable: boolean;
}

/** How many imports are shown. */
const SHOWN = 5;
/** How long an import can be taken back; later its rows are in use, and are deleted one by one. */
const UNDO_DAYS = 7;
/** How long the page tells of an import; the database lets nothing younger be removed. */
const KEPT_DAYS = 90;
/** Rows a statement removes at most: nobody waits long for one. */
const BATCH = 1_000;
/** Advisory lock: concurrent processes take turns, one batch each. */
const TURN = 4_178_208;
const IS_RECENT = `created_at > now() - interval '${UNDO_DAYS} days'`;

/** Imports of the organisation, and the rows that each has added. */
@Injectable()
export class RowImportsRepository {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    sweeper: Sweeper,
  ) {
    sweeper.add('imports', { everySeconds: DAY }, () => untilNone(() => this.removeOld()));
  }

  /**
   * Begins an import in the open unit of work, which others of the same id wait for; false when there is one
   * already: the primary key decides.
   */
  async begin(id: string, feature: string, fileName: string): Promise<boolean> {
    const rows = await this.unitOfWork.query(
      `INSERT INTO row_import (id, tenant_id, feature, file_name, created_by)
       VALUES ($1, app_tenant_id(), $2, $3, $4) ON CONFLICT (id) DO NOTHING RETURNING id`,
      [id, feature, fileName, currentContext().actorId],
    );
    return rows.length > 0;
  }

  async addRows(id: string, rowIds: readonly string[]): Promise<void> {
    await this.unitOfWork.execute(
      'UPDATE row_import SET row_ids = $2 WHERE id = $1 AND tenant_id = (SELECT app_tenant_id())',
      [id, rowIds],
    );
  }

  /**
   * Marks an import as taken back and returns its rows, once; null where there is no such import of the
   * feature, or it is older than seven days.
   */
  async undo(id: string, feature: string): Promise<string[] | null> {
    const [found] = await this.unitOfWork.query<{ rowIds: string[]; undoneAt: Date | null }>(
      `SELECT row_ids::text[] AS "rowIds", undone_at AS "undoneAt" FROM row_import
       WHERE id = $1 AND tenant_id = (SELECT app_tenant_id()) AND feature = $2 AND ${IS_RECENT} FOR UPDATE`,
      [id, feature],
    );
    if (!found) return null;
    if (found.undoneAt) return [];
    await this.unitOfWork.execute(
      'UPDATE row_import SET undone_at = now() WHERE id = $1 AND tenant_id = (SELECT app_tenant_id())',
      [id],
    );
    return found.rowIds;
  }

  /** Removes the next imports that the page tells of no more; their rows stay. Returns how many. */
  private removeOld(): Promise<number> {
    return this.unitOfWork.runAs(retentionRole, async () => {
      await this.unitOfWork.query('SELECT pg_advisory_xact_lock($1)', [TURN]);
      return this.unitOfWork.execute(
        `DELETE FROM row_import WHERE id IN (
           SELECT id FROM row_import WHERE created_at < now() - interval '${KEPT_DAYS} days'
           ORDER BY created_at LIMIT ${BATCH})`,
      );
    });
  }

  /** The latest imports of a feature. */
  latest(feature: string): Promise<RowImport[]> {
    return this.unitOfWork.read<RowImport>({
      name: 'row-imports-latest',
      text: `SELECT id, file_name AS "fileName", created_at AS "createdAt",
          cardinality(row_ids) AS count, undone_at AS "undoneAt",
          undone_at IS NULL AND cardinality(row_ids) > 0 AND ${IS_RECENT} AS "isUndoable"
        FROM row_import WHERE tenant_id = (SELECT app_tenant_id()) AND feature = $1
        ORDER BY created_at DESC, id DESC LIMIT ${SHOWN}`,
      values: [feature],
    });
  }
}
