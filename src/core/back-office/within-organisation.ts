import { Injectable } from '@nestjs/common';
import type { Principal } from '../context/principal.js';
import { requireSuperuser } from '../http/access/require-superuser.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { Row } from './row.js';

/**
 * Runs a change by a superuser in the organisation of the row: its service, row-level security and audit
 * trail apply as for its own people.
 */
@Injectable()
export class WithinOrganisation {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async act(me: Principal, row: Row, work: () => Promise<unknown>): Promise<void> {
    requireSuperuser(me);
    await this.unitOfWork.run(async () => {
      await this.unitOfWork.switchTenant(String(row.tenant_id));
      await work();
    });
  }
}
