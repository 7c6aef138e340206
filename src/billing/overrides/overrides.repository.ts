import { Injectable } from '@nestjs/common';
import { currentContext } from '../../core/context/request-context.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';

/** What staff decided for the organisation in context. */
export interface OverrideRow {
  id: string;
  entitlement: string;
  /** A feature: 0 is off, 1 is on. A limit: how many; null: without end. */
  amount: number | null;
  until: Date | null;
  reason: string;
  version: number;
}

const COLUMNS = 'id, entitlement, amount, until, reason, version';

@Injectable()
export class OverridesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  all(): Promise<OverrideRow[]> {
    return this.unitOfWork.read<OverrideRow>({
      name: 'entitlement-overrides',
      text: `SELECT ${COLUMNS} FROM entitlement_override
        WHERE tenant_id = app_tenant_id() ORDER BY entitlement`,
    });
  }

  /** As the role billing. False when somebody else decided since `version`; 0: nobody had. */
  async set(
    { entitlement, amount, until, reason }: Omit<OverrideRow, 'id' | 'version'>,
    version: number,
  ): Promise<boolean> {
    const set = await this.unitOfWork.execute(
      `INSERT INTO entitlement_override AS present
         (tenant_id, entitlement, amount, until, reason, created_by)
       SELECT app_tenant_id(), $1::varchar, $2, $3, $4, $5
       WHERE $6::integer = 0 OR EXISTS (SELECT FROM entitlement_override
         WHERE tenant_id = app_tenant_id() AND entitlement = $1::varchar)
       ON CONFLICT (tenant_id, entitlement) DO UPDATE SET amount = excluded.amount,
         until = excluded.until, reason = excluded.reason, created_at = now(),
         created_by = excluded.created_by, version = present.version + 1
       WHERE present.version = $6::integer`,
      [entitlement, amount, until, reason, currentContext().actorId, version],
    );
    return set > 0;
  }

  /** As the role billing. False where it is over already. */
  async end(id: string): Promise<boolean> {
    const ended = await this.unitOfWork.execute(
      `UPDATE entitlement_override SET until = now(), version = version + 1
       WHERE id = $1 AND tenant_id = app_tenant_id() AND (until IS NULL OR until > now())`,
      [id],
    );
    return ended > 0;
  }
}
