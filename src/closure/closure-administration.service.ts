import { Injectable } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { requireSuperuser } from '../core/http/access/require-superuser.js';
import { ClosureService } from './closure.service.js';

/** What superusers do with closed organisations, within the organisation. */
@Injectable()
export class ClosureAdministration {
  constructor(
    private readonly closures: ClosureService,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Its admins are mailed. One that is open stays so. @throws DomainError `forbidden` once its erasure has begun */
  async reopen(me: Principal, id: string): Promise<void> {
    requireSuperuser(me);
    await this.unitOfWork.run(async () => {
      await this.unitOfWork.switchTenant(id);
      await this.closures.reopenNow(me.displayName ?? me.email);
    });
  }
}
