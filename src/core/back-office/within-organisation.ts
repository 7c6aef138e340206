import { Injectable } from '@nestjs/common';
import type { Principal } from '../context/principal.js';
import { requireSuperuser } from '../http/access/require-superuser.js';
import { UnitOfWork } from '../database/unit-of-work.js';
import type { Row } from './row.js';

/**
 * The way superusers change what belongs to an organisation: its own service does it, in the organisation
 * of the row, so that its rules, its row-level security and its trail hold as for everybody.
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
