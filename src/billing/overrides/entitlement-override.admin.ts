import { Injectable } from '@nestjs/common';
import { AdminEntity } from '../../core/back-office/admin-entity.js';
import type { Row } from '../../core/back-office/row.js';
import type { Principal } from '../../core/context/principal.js';
import { OverridesService } from './overrides.service.js';
import { EntitlementOverrideEntity } from './entitlement-override.entity.js';

/** What staff decided for an organisation beside its plan. */
@Injectable()
export class EntitlementOverrideAdmin extends AdminEntity<EntitlementOverrideEntity> {
  readonly entity = EntitlementOverrideEntity;
  readonly path = 'overrides';
  readonly group = 'customers';
  readonly icon = 'tool';
  override readonly position = 9;
  readonly title = 'entitlement';
  readonly list = ['tenantId', 'amount', 'until', 'reason', 'createdAt'] as const;
  override readonly listedUnder = ['tenant'];
  override readonly pagesOf = {
    tenants: { entitlements: { icon: 'tool', isOffered: () => this.overrides.isOn } },
  };
  override readonly actions = {
    end: {
      icon: 'x',
      isBulk: true,
      isDangerous: true,
      isOffered: ({ until }: Row) => !(until instanceof Date) || until > new Date(),
      run: (me: Principal, row: Row) => this.overrides.end(me, row),
    },
  };
  readonly orders = { createdAt: { type: 'time', descending: true } } as const;

  constructor(private readonly overrides: OverridesService) {
    super();
  }
}
