import { Injectable } from '@nestjs/common';
import { AdminEntity } from '../../core/back-office/admin-entity.js';
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
  readonly orders = { createdAt: { type: 'time', descending: true } } as const;
}
