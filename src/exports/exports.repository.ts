import { Injectable } from '@nestjs/common';
import { TenantScopedRepository } from '../core/database/tenant-scoped.repository.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { EXPORT_DAYS, TenantExport, type ExportState } from './tenant-export.entity.js';

/** An export as the page lists it. */
export interface ExportRow {
  id: string;
  state: ExportState;
  requestedByName: string;
  partsDone: number;
  partsTotal: number;
  rowsDone: number;
  /** Bytes, as text. */
  size: string | null;
  isExpired: boolean;
  createdAt: Date;
  expiresAt: Date | null;
}

/** Work on an export that was taken up: who holds it is who holds the latest attempt. */
export interface Claim {
  id: string;
  attempt: number;
  storageKey: string;
  /** Where somebody who died may have left a file. */
  oldKey: string | null;
}

/** Whoever is silent for as long has died. */
const SILENCE = `interval '60 seconds'`;

/** Beyond a day no job is left that would work on it. */
const FORGOTTEN = `interval '1 day'`;

const SHOWN = 20;

@Injectable()
export class ExportsRepository extends TenantScopedRepository<TenantExport> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, TenantExport);
  }

  /** Latest first. */
  latest(): Promise<ExportRow[]> {
    return this.read<ExportRow>({
      name: 'tenant-exports',
      text: `SELECT id, state, requested_by_name AS "requestedByName", parts_done AS "partsDone",
          parts_total AS "partsTotal", rows_done AS "rowsDone", size::text AS size,
          state = 'ready' AND (storage_key IS NULL OR expires_at <= now()) AS "isExpired",
          created_at AS "createdAt", expires_at AS "expiresAt"
        FROM tenant_export WHERE tenant_id = app_tenant_id() AND deleted_at IS NULL
        ORDER BY created_at DESC, id DESC LIMIT ${SHOWN}`,
    });
  }

  /** Adds one, unless one is unfinished: then null. The database decides, also between two at once. */
  async start(requestedByName: string, partsTotal: number): Promise<string | null> {
    await this.unitOfWork.execute(
      `UPDATE tenant_export SET state = 'failed', finished_at = now()
       WHERE tenant_id = app_tenant_id() AND state IN ('pending', 'running')
         AND seen_at < now() - ${FORGOTTEN}`,
    );
    const [row] = await this.unitOfWork.query<{ id: string }>(
      `INSERT INTO tenant_export (tenant_id, requested_by_name, parts_total)
       VALUES (app_tenant_id(), left($1, 254), $2)
       ON CONFLICT (tenant_id) WHERE state IN ('pending', 'running') DO NOTHING RETURNING id`,
      [requestedByName, partsTotal],
    );
    return row?.id ?? null;
  }

  /** Takes the work up, if nobody who is alive has it. The file will be stored under `storageKey`. */
  async claim(id: string, storageKey: string, partsTotal: number): Promise<Claim | null> {
    const [row] = await this.unitOfWork.query<Claim>(
      `UPDATE tenant_export e SET state = 'running', attempt = e.attempt + 1, seen_at = now(),
         storage_key = $2, parts_done = 0, parts_total = $3, rows_done = 0
       FROM tenant_export old
       WHERE e.id = $1 AND old.id = e.id AND e.tenant_id = app_tenant_id()
         AND (e.state = 'pending' OR e.state = 'running' AND e.seen_at < now() - ${SILENCE})
       RETURNING e.id, e.attempt, e.storage_key AS "storageKey", old.storage_key AS "oldKey"`,
      [id, storageKey, partsTotal],
    );
    return row ?? null;
  }

  /** Says how far the work is, and that its holder lives. False when somebody else has taken it up. */
  progress(claim: Claim, partsDone: number, rowsDone: number): Promise<boolean> {
    return this.change(claim, 'seen_at = now(), parts_done = $3, rows_done = $4', [
      partsDone,
      rowsDone,
    ]);
  }

  finish(claim: Claim, rowsDone: number, size: number): Promise<boolean> {
    return this.change(
      claim,
      `state = 'ready', parts_done = parts_total, rows_done = $3, size = $4, finished_at = now(),
       expires_at = now() + make_interval(days => ${EXPORT_DAYS})`,
      [rowsDone, size],
    );
  }

  /** Ready to be taken up again. */
  release(claim: Claim): Promise<boolean> {
    return this.change(claim, `state = 'pending', storage_key = NULL`);
  }

  fail(claim: Claim): Promise<boolean> {
    return this.change(claim, `state = 'failed', storage_key = NULL, finished_at = now()`);
  }

  /** Lets go of the files whose time is over, and says which they were. */
  async expire(): Promise<string[]> {
    const rows = await this.unitOfWork.query<{ key: string }>(
      `UPDATE tenant_export e SET storage_key = NULL FROM tenant_export old
       WHERE e.id = old.id AND e.tenant_id = app_tenant_id() AND e.storage_key IS NOT NULL
         AND (e.state = 'failed' OR e.state = 'ready' AND e.expires_at <= now())
       RETURNING old.storage_key AS key`,
    );
    return rows.map(({ key }) => key);
  }

  private async change(claim: Claim, set: string, values: unknown[] = []): Promise<boolean> {
    const changed = await this.unitOfWork.execute(
      `UPDATE tenant_export SET ${set}
       WHERE id = $1 AND tenant_id = app_tenant_id() AND state = 'running' AND attempt = $2`,
      [claim.id, claim.attempt, ...values],
    );
    return changed > 0;
  }
}
