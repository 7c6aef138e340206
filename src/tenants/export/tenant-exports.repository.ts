import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import type { ExportState } from './tenant-export.entity.js';
import { retentionRole } from '../../core/database/privileged/retention.role.js';

/** Number of days a finished export is kept. */
export const EXPORT_DAYS = 7;

export interface ExportRow {
  id: string;
  state: ExportState;
  requestedBy: string;
  createdAt: Date;
  partsDone: number;
  partsTotal: number;
  sizeBytes: number | null;
  expiresAt: Date | null;
  /** Older than seven days. */
  isExpired: boolean;
  storageKey: string | null;
}

/** One attempt at making an export. */
export interface Try {
  id: string;
  attempt: number;
}

/** Exports of the current organisation. */
@Injectable()
export class TenantExportsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Adds an export; null while another one is running (decided by a unique index). */
  async add(requestedBy: string): Promise<string | null> {
    const [row] = await this.unitOfWork.query<{ id: string }>(
      `INSERT INTO tenant_export (tenant_id, requested_by_name) VALUES (app_tenant_id(), left($1, 254))
       ON CONFLICT (tenant_id) WHERE state IN ('pending', 'running') DO NOTHING RETURNING id`,
      [requestedBy],
    );
    return row?.id ?? null;
  }

  /** The latest ones first. */
  listed(): Promise<ExportRow[]> {
    return this.unitOfWork.read<ExportRow>({
      name: 'tenant-exports',
      text: `SELECT ${COLUMNS} FROM tenant_export e
        WHERE e.tenant_id = app_tenant_id() AND e.deleted_at IS NULL
        ORDER BY e.created_at DESC LIMIT 20`,
    });
  }

  async find(id: string): Promise<ExportRow | null> {
    const [row] = await this.unitOfWork.read<ExportRow>({
      name: 'tenant-export',
      text: `SELECT ${COLUMNS} FROM tenant_export e
        WHERE e.id = $1 AND e.tenant_id = app_tenant_id() AND e.deleted_at IS NULL`,
      values: [id],
    });
    return row ?? null;
  }

  /**
   * Starts an attempt, or another one after an interruption; results of the earlier attempt are ignored then.
   * Null when it is done, when another export was requested after it failed, or when the organisation was
   * closed.
   */
  async begin(id: string, partsTotal: number): Promise<Try | null> {
    const [row] = await this.unitOfWork.query<Try>(
      `UPDATE tenant_export e SET state = 'running', attempt = attempt + 1, parts_done = 0,
         parts_total = $2
       WHERE id = $1 AND tenant_id = app_tenant_id() AND state <> 'ready' AND NOT EXISTS (
         SELECT FROM tenant_export o WHERE o.tenant_id = app_tenant_id() AND o.id <> e.id
           AND o.state IN ('pending', 'running'))
         AND EXISTS (SELECT FROM tenant WHERE id = app_tenant_id() AND closed_at IS NULL)
       RETURNING id, attempt`,
      [id, partsTotal],
    );
    return row ?? null;
  }

  /** Records progress; false, as `finish`, when a later attempt has started. */
  progress(latest: Try, partsDone: number): Promise<boolean> {
    return this.change(latest, 'parts_done = $3', [partsDone]);
  }

  finish(latest: Try, storageKey: string, sizeBytes: number): Promise<boolean> {
    return this.change(
      latest,
      `state = 'ready', storage_key = $3, size_bytes = $4, finished_at = now(),
       expires_at = now() + make_interval(days => ${EXPORT_DAYS})`,
      [storageKey, sizeBytes],
    );
  }

  async fail(latest: Try): Promise<void> {
    await this.change(latest, `state = 'failed'`);
  }

  /** Marks exports without progress for an hour as failed: their job was lost. */
  async failStuck(): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE tenant_export SET state = 'failed' WHERE tenant_id = app_tenant_id()
         AND state IN ('pending', 'running') AND updated_at < now() - interval '1 hour'`,
    );
  }

  /** Clears and returns the keys of expired files. */
  async dropExpired(): Promise<string[]> {
    const rows = await this.unitOfWork.query<{ key: string }>(
      `WITH old AS (SELECT id, storage_key FROM tenant_export WHERE tenant_id = app_tenant_id()
           AND storage_key IS NOT NULL AND expires_at <= now() FOR UPDATE)
       UPDATE tenant_export e SET storage_key = NULL FROM old WHERE e.id = old.id
       RETURNING old.storage_key AS key`,
    );
    return rows.map(({ key }) => key);
  }

  /** Those of the keys that belong to an export of any organisation. */
  async archivesAmong(keys: string[]): Promise<string[]> {
    const rows = await this.unitOfWork.read<{ key: string }>(
      {
        name: 'archives-among',
        text: 'SELECT storage_key AS key FROM tenant_export WHERE storage_key = ANY ($1)',
        values: [keys],
      },
      retentionRole,
    );
    return rows.map(({ key }) => key);
  }

  private async change({ id, attempt }: Try, set: string, values: unknown[] = []) {
    const changed = await this.unitOfWork.execute(
      `UPDATE tenant_export SET ${set}
       WHERE id = $1 AND tenant_id = app_tenant_id() AND state = 'running' AND attempt = $2`,
      [id, attempt, ...values],
    );
    return changed > 0;
  }
}

const COLUMNS = `e.id, e.state, e.requested_by_name AS "requestedBy", e.created_at AS "createdAt",
  e.parts_done AS "partsDone", e.parts_total AS "partsTotal", e.size_bytes::float8 AS "sizeBytes",
  e.expires_at AS "expiresAt", coalesce(e.expires_at <= now(), false) AS "isExpired",
  e.storage_key AS "storageKey"`;
