import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import type { FlagName } from '../core/features/names.js';
import type { Rollout } from './decisions.js';
import type { RolloutUnit } from './flag-rollout.entity.js';
import { flagsRole } from '../core/database/privileged/flags.role.js';

/** A stored decision: an override of one organisation or person, or a rollout. */
export type DecisionRow =
  | { flag: string; tenantId: string | null; userId: string | null; isOn: boolean; percent: null }
  | ({ flag: string; tenantId: null; userId: null; isOn: null } & Rollout);

/** An organisation or person that has or can get an override. */
export interface SubjectRow {
  kind: RolloutUnit;
  id: string;
  /** Name of the organisation, or display name of the person. */
  name: string | null;
  /** E-mail address of a person. */
  email: string | null;
  /** Id of the organisation, or of the person's organisation. */
  tenantId: string | null;
}

export interface ExceptionRow extends SubjectRow {
  exceptionId: string;
  isOn: boolean;
  createdAt: Date;
}

/** A search result with its current override. */
export type CandidateRow = SubjectRow & { isOn: boolean | null };

/** Runs as the flags role: decisions belong to no organisation. */
@Injectable()
export class FlagsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  decisions(): Promise<DecisionRow[]> {
    return this.unitOfWork.read<DecisionRow>(
      {
        name: 'flag-decisions',
        text: `SELECT flag, tenant_id AS "tenantId", user_id AS "userId", is_on AS "isOn",
            NULL::int AS percent, NULL AS unit
          FROM feature_override
          UNION ALL SELECT flag, NULL, NULL, NULL, percent::int, unit FROM feature_rollout`,
      },
      flagsRole,
    );
  }

  /** Overrides, latest first. */
  exceptions(flag: FlagName, limit: number): Promise<ExceptionRow[]> {
    return this.unitOfWork.read<ExceptionRow>(
      {
        name: 'flag-exceptions',
        text: `SELECT o.id AS "exceptionId", o.is_on AS "isOn", o.created_at AS "createdAt",
            CASE WHEN o.user_id IS NULL THEN 'tenant' ELSE 'user' END AS kind,
            coalesce(o.tenant_id, o.user_id) AS id, coalesce(t.organization, p.display_name) AS name,
            u.email, coalesce(o.tenant_id, p.tenant_id) AS "tenantId"
          FROM feature_override o
          LEFT JOIN tenant t ON t.id = o.tenant_id
          LEFT JOIN users u ON u.id = o.user_id
          LEFT JOIN user_profile p ON p.user_id = o.user_id
          WHERE o.flag = $1 ORDER BY o.created_at DESC, o.id LIMIT $2`,
        values: [flag, limit],
      },
      flagsRole,
    );
  }

  /** Organisations whose name contains `q`, and the person with exactly that e-mail address. */
  candidates(flag: FlagName, q: string, limit: number): Promise<CandidateRow[]> {
    return this.unitOfWork.read<CandidateRow>(
      {
        name: 'flag-candidates',
        text: `SELECT 'user' AS kind, u.id, p.display_name AS name, u.email,
            p.tenant_id AS "tenantId", o.is_on AS "isOn"
          FROM users u JOIN user_profile p ON p.user_id = u.id
          LEFT JOIN feature_override o ON o.flag = $1 AND o.user_id = u.id
          WHERE lower(u.email) = lower($2) AND u.deleted_at IS NULL
          UNION ALL (SELECT 'tenant', t.id, t.organization, NULL, t.id, o.is_on
            FROM tenant t LEFT JOIN feature_override o ON o.flag = $1 AND o.tenant_id = t.id
            WHERE t.deleted_at IS NULL
              AND strpos(app_search_text(t.organization), app_search_text($2)) > 0
            ORDER BY t.organization, t.id LIMIT $3)`,
        values: [flag, q, limit],
      },
      flagsRole,
    );
  }

  /** Within a unit of work, as the methods below. */
  async subject(kind: RolloutUnit, id: string): Promise<SubjectRow | null> {
    const [row] = await this.unitOfWork.query<Omit<SubjectRow, 'kind'>>(
      kind === 'tenant'
        ? `SELECT id, organization AS name, NULL AS email, id AS "tenantId" FROM tenant
           WHERE id = $1 AND deleted_at IS NULL`
        : `SELECT u.id, p.display_name AS name, u.email, p.tenant_id AS "tenantId"
           FROM users u JOIN user_profile p ON p.user_id = u.id
           WHERE u.id = $1 AND u.deleted_at IS NULL`,
      [id],
    );
    return row ? { kind, ...row } : null;
  }

  /** Locks a flag: of two concurrent changes the second sees the first. */
  async lock(flag: FlagName): Promise<void> {
    await this.unitOfWork.lock(`flag ${flag}`);
  }

  async rollout(flag: FlagName): Promise<Rollout | null> {
    const [row] = await this.unitOfWork.query<Rollout>(
      'SELECT percent::int, unit FROM feature_rollout WHERE flag = $1',
      [flag],
    );
    return row ?? null;
  }

  async rollOut(flag: FlagName, { percent, unit }: Rollout): Promise<void> {
    await this.unitOfWork.execute(
      `INSERT INTO feature_rollout (flag, percent, unit, updated_by)
       VALUES ($1, $2, $3, app_actor_id())
       ON CONFLICT (flag) DO UPDATE SET percent = excluded.percent, unit = excluded.unit,
         updated_at = now(), updated_by = excluded.updated_by`,
      [flag, percent, unit],
    );
  }

  async dropRollout(flag: FlagName): Promise<void> {
    await this.unitOfWork.execute('DELETE FROM feature_rollout WHERE flag = $1', [flag]);
  }

  async exceptionOf(flag: FlagName, { kind, id }: SubjectRow): Promise<boolean | null> {
    const [row] = await this.unitOfWork.query<{ isOn: boolean }>(
      `SELECT is_on AS "isOn" FROM feature_override WHERE flag = $1 AND ${columnOf(kind)} = $2`,
      [flag, id],
    );
    return row?.isOn ?? null;
  }

  async except(flag: FlagName, { kind, id }: SubjectRow, isOn: boolean): Promise<void> {
    const column = columnOf(kind);
    await this.unitOfWork.execute(
      `INSERT INTO feature_override (flag, ${column}, is_on, created_by)
       VALUES ($1, $2, $3, app_actor_id())
       ON CONFLICT (flag, ${column}) DO UPDATE SET is_on = excluded.is_on, created_at = now(),
         created_by = excluded.created_by`,
      [flag, id, isOn],
    );
  }

  async dropException(flag: FlagName, { kind, id }: SubjectRow): Promise<void> {
    await this.unitOfWork.execute(
      `DELETE FROM feature_override WHERE flag = $1 AND ${columnOf(kind)} = $2`,
      [flag, id],
    );
  }
}

function columnOf(kind: RolloutUnit): string {
  return kind === 'tenant' ? 'tenant_id' : 'user_id';
}
