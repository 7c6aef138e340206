import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { BulkAction } from './bulk.forms.js';

/** A row that an action has changed, and the version it has since. */
export interface ChangedRow {
  id: string;
  version: number;
}

export interface TakenAction {
  action: BulkAction;
  rows: ChangedRow[];
}

/** Actions that can be taken back, for a day. */
@Injectable()
export class BulkActionsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Notes what an action has changed, and forgets what is older than a day. Returns its id. */
  async add(by: string, action: BulkAction, rows: readonly ChangedRow[]): Promise<string> {
    const id = randomUUID();
    await this.unitOfWork.execute(
      `DELETE FROM bulk_action WHERE tenant_id = (SELECT app_tenant_id())
         AND created_at < now() - interval '1 day'`,
    );
    const [ids, versions] = [rows.map((row) => row.id), rows.map(({ version }) => version)];
    await this.unitOfWork.execute(
      `INSERT INTO bulk_action (id, tenant_id, action, row_ids, versions, created_by)
       VALUES ($1, app_tenant_id(), $2, $3, $4, $5)`,
      [id, action, ids, versions, by],
    );
    return id;
  }

  /**
   * What an action of this person has changed, once: of two at the same time one gets it. `undone`: it was taken back
   * before; null: there is none, or it is older than a day.
   */
  async take(by: string, id: string): Promise<TakenAction | 'undone' | null> {
    const [found] = await this.unitOfWork.query<{
      action: string;
      rowIds: string[];
      versions: string[];
      isUndone: boolean;
    }>(
      `SELECT action, row_ids::text[] AS "rowIds", versions::text[] AS versions,
         undone_at IS NOT NULL AS "isUndone"
       FROM bulk_action WHERE id = $1 AND tenant_id = (SELECT app_tenant_id())
         AND created_by = $2 AND created_at > now() - interval '1 day' FOR UPDATE`,
      [id, by],
    );
    if (!found) return null;
    if (found.isUndone) return 'undone';
    await this.unitOfWork.execute(
      'UPDATE bulk_action SET undone_at = now() WHERE id = $1 AND tenant_id = (SELECT app_tenant_id())',
      [id],
    );
    const { action, rowIds, versions } = found;
    const rows = rowIds.map((rowId, at) => ({ id: rowId, version: Number(versions[at]) }));
    return { action: action as BulkAction, rows };
  }
}
