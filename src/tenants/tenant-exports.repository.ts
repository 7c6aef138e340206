import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import type { ExportState } from './tenant-export.entity.js';

/** Days a finished download is kept. */
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
  /** Its seven days are over. */
  isExpired: boolean;
  storageKey: string | null;
}

/** Downloads of the organisation in the scope. */
@Injectable()
export class TenantExportsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Null while another one is being made: the database decides, also at once. */
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

  /** Begins, or begins again what was cut off; false when it is done already. */
  async begin(id: string, partsTotal: number): Promise<boolean> {
    const begun = await this.unitOfWork.execute(
      `UPDATE tenant_export SET state = 'running', parts_done = 0, parts_total = $2
       WHERE id = $1 AND tenant_id = app_tenant_id() AND state <> 'ready'`,
      [id, partsTotal],
    );
    return begun > 0;
  }

  async progress(id: string, partsDone: number): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE tenant_export SET parts_done = $2 WHERE id = $1 AND tenant_id = app_tenant_id()`,
      [id, partsDone],
    );
  }

  async finish(id: string, storageKey: string, sizeBytes: number): Promise<boolean> {
    const finished = await this.unitOfWork.execute(
      `UPDATE tenant_export SET state = 'ready', storage_key = $2, size_bytes = $3,
         finished_at = now(), expires_at = now() + make_interval(days => ${EXPORT_DAYS})
       WHERE id = $1 AND tenant_id = app_tenant_id() AND state = 'running'`,
      [id, storageKey, sizeBytes],
    );
    return finished > 0;
  }

  async fail(id: string): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE tenant_export SET state = 'failed'
       WHERE id = $1 AND tenant_id = app_tenant_id() AND state = 'running'`,
      [id],
    );
  }

  /** One that nobody has worked on for an hour is not being made: its job was lost. */
  async failStuck(): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE tenant_export SET state = 'failed' WHERE tenant_id = app_tenant_id()
         AND state IN ('pending', 'running') AND updated_at < now() - interval '1 hour'`,
    );
  }

  /** Lets go of the files whose days are over, and says which they are. */
  async dropExpired(): Promise<string[]> {
    const rows = await this.unitOfWork.query<{ key: string }>(
      `WITH old AS (SELECT id, storage_key FROM tenant_export WHERE tenant_id = app_tenant_id()
           AND storage_key IS NOT NULL AND expires_at <= now() FOR UPDATE)
       UPDATE tenant_export e SET storage_key = NULL FROM old WHERE e.id = old.id
       RETURNING old.storage_key AS key`,
    );
    return rows.map(({ key }) => key);
  }
}

const COLUMNS = `e.id, e.state, e.requested_by_name AS "requestedBy", e.created_at AS "createdAt",
  e.parts_done AS "partsDone", e.parts_total AS "partsTotal", e.size_bytes::float8 AS "sizeBytes",
  e.expires_at AS "expiresAt", coalesce(e.expires_at <= now(), false) AS "isExpired",
  e.storage_key AS "storageKey"`;
