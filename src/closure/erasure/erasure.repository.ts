import { Injectable } from '@nestjs/common';
import { erasureRole } from '../../core/database/privileged/erasure.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { LOCK_ORGANISATION_ALONE } from '../../users/organisation-lock.js';
import type { Reference } from './erasure-order.js';

/** Maximum number of rows per statement, which bounds the time locks are held. */
const BATCH = 1_000;

export interface Removed {
  count: number;
  /** What reads like the key of a stored file in the removed rows. */
  keys: string[];
}

/**
 * Erasure of the organisation in context, as the role of erasure. Its policies reach rows of an organisation that the
 * database says is being erased, and no others.
 */
@Injectable()
export class ErasureRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Organisations whose time has come and whose admins had their last reminder, whoever's they are. */
  async due(): Promise<string[]> {
    const rows = await this.unitOfWork.read<{ id: string }>(
      {
        name: 'erasures-due',
        text: `SELECT id FROM tenant WHERE erase_at <= now() AND closing_notice = 1
          ORDER BY erase_at, id`,
      },
      erasureRole,
    );
    return rows.map(({ id }) => id);
  }

  /** Organisations that are gone, of which files were not removed yet. */
  async withPendingFiles(): Promise<string[]> {
    const rows = await this.unitOfWork.read<{ id: string }>(
      {
        name: 'erasures-with-files',
        text: `SELECT id FROM organisation_erasure
          WHERE finished_at IS NOT NULL AND pending_files <> '{}' ORDER BY id`,
      },
      erasureRole,
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Begins the erasure, or takes it over from a worker before: its number. Null when the organisation was reopened. Access
   * to it ends.
   */
  begin(): Promise<number | null> {
    return this.unitOfWork.runAs(erasureRole, async () => {
      const begun = await this.unitOfWork.execute(
        `UPDATE tenant SET erasing_since = coalesce(erasing_since, now()), is_active = false
         WHERE id = app_tenant_id() AND erase_at <= now() AND closing_notice = 1`,
      );
      if (begun === 0) return null;
      const [row] = await this.unitOfWork.query<{ attempt: number }>(
        `INSERT INTO organisation_erasure AS e (id, closed_at, closed_by, attempt)
         SELECT id, closing_since, closing_by, 1 FROM tenant WHERE id = app_tenant_id()
         ON CONFLICT (id) DO UPDATE SET attempt = e.attempt + 1 RETURNING attempt`,
      );
      return row!.attempt;
    });
  }

  /** In a unit of work: whether this is still the latest attempt. No other one gets on before that ends. */
  async holds(attempt: number): Promise<boolean> {
    const rows = await this.query(
      `SELECT 1 FROM organisation_erasure
       WHERE id = app_tenant_id() AND attempt = $1 AND finished_at IS NULL FOR UPDATE`,
      [attempt],
    );
    return rows.length > 0;
  }

  /** Foreign keys between tables. */
  references(): Promise<Reference[]> {
    return this.unitOfWork.read<Reference>(
      {
        name: 'erasure-references',
        text: `SELECT c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent
          FROM pg_constraint c WHERE c.contype = 'f' ORDER BY 1, 2`,
      },
      erasureRole,
    );
  }

  /**
   * In a unit of work: deletes the next rows of a table; all of them where rows refer to rows of the same table.
   * @param table of the catalogue
   */
  async remove(table: string, isOfItself: boolean): Promise<Removed> {
    const some = `SELECT ctid FROM "${table}" WHERE tenant_id = app_tenant_id()`;
    const [row] = await this.query<Removed>(
      `WITH gone AS (DELETE FROM "${table}" r
         WHERE r.ctid = ANY (ARRAY(${some}${isOfItself ? '' : ` LIMIT ${BATCH}`}))
         RETURNING to_jsonb(r)::text AS row)
       SELECT count(*)::int AS count, ARRAY(SELECT DISTINCT key[1] FROM gone,
         regexp_matches(row, '"([a-z_]+/[0-9a-f]{32}[.][a-z]+)"', 'g') AS key) AS keys FROM gone`,
    );
    return row!;
  }

  /** In a unit of work: what was removed of a table, and which files are to be removed. */
  async note(table: string, count: number, keys: readonly string[] = []): Promise<void> {
    await this.query(
      `UPDATE organisation_erasure SET row_count = row_count + $2::int,
         removed = removed || jsonb_build_object($1::text, coalesce((removed ->> $1)::bigint, 0) + $2::int),
         pending_files = pending_files || $3::text[]
       WHERE id = app_tenant_id()`,
      [table, count, keys],
    );
  }

  async pendingFiles(): Promise<string[]> {
    const [row] = await this.unitOfWork.read<{ keys: string[] }>(
      {
        name: 'erasure-files',
        text: 'SELECT pending_files AS keys FROM organisation_erasure WHERE id = app_tenant_id()',
      },
      erasureRole,
    );
    return row?.keys ?? [];
  }

  /** In a unit of work: the file is gone from the storage, or somebody else's (`isRemoved` is false). */
  async noteFile(key: string, isRemoved: boolean): Promise<void> {
    await this.query(
      `UPDATE organisation_erasure SET file_count = file_count + $2::boolean::int,
         pending_files = array_remove(pending_files, $1)
       WHERE id = app_tenant_id() AND $1 = ANY (pending_files)`,
      [key, isRemoved],
    );
  }

  /** In a unit of work, first: whoever adds to the organisation, or syncs its customer, is done or comes too late. */
  lockOrganisation(): Promise<void> {
    return this.unitOfWork.post(LOCK_ORGANISATION_ALONE, erasureRole);
  }

  /**
   * In a unit of work, last: deletes the organisation itself. Foreign keys refuse it while anything refers to it. Returns
   * the key of its logo.
   */
  async removeOrganisation(): Promise<string | null> {
    const [row] = await this.query<{ logo: string | null }>(
      'DELETE FROM tenant WHERE id = app_tenant_id() RETURNING logo',
    );
    return row?.logo ?? null;
  }

  /** In a unit of work. `kept`: numbers of what stays. */
  async finish(kept: Readonly<Record<string, number>>): Promise<void> {
    await this.query(
      'UPDATE organisation_erasure SET finished_at = now(), kept = $1 WHERE id = app_tenant_id()',
      [JSON.stringify(kept)],
    );
  }

  private query<T>(text: string, values: unknown[] = []): Promise<T[]> {
    return this.unitOfWork.runAs(erasureRole, () => this.unitOfWork.query<T>(text, values));
  }
}
