import { Injectable } from '@nestjs/common';
import { AdminEntity } from '../core/back-office/admin-entity.js';
import type { Row } from '../core/back-office/row.js';
import type { Principal } from '../core/context/principal.js';
import { Tenant } from '../tenants/tenant.entity.js';
import { ClosureAdministration } from './closure-administration.service.js';

/** Organisations that their admins closed, the next one to be erased first. */
@Injectable()
export class ClosureAdmin extends AdminEntity<Tenant> {
  readonly entity = Tenant;
  readonly path = 'closures';
  readonly group = 'customers';
  readonly icon = 'lock';
  override readonly position = 2;
  readonly title = 'organization';
  readonly list = ['closingSince', 'eraseAt', 'closingNotice'] as const;
  override readonly only = 'r.erase_at IS NOT NULL';
  readonly orders = { eraseAt: { type: 'time', column: 'erase_at' } } as const;
  override readonly filters = {
    progress: { waiting: 'r.erasing_since IS NULL', erasing: 'r.erasing_since IS NOT NULL' },
  };
  override readonly hasTrail = true;

  override readonly actions = {
    reopen: {
      icon: 'refresh',
      isBulk: true,
      isGoneAfterwards: true,
      isOffered: (row: Row) => !row.erasing_since,
      run: (me: Principal, { id }: Row) => this.closures.reopen(me, id),
    },
  };

  constructor(private readonly closures: ClosureAdministration) {
    super();
  }
}
