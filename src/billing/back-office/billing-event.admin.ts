import { Injectable } from '@nestjs/common';
import { AdminEntity } from '../../core/back-office/admin-entity.js';
import type { Row } from '../../core/back-office/row.js';
import type { Principal } from '../../core/context/principal.js';
import { PROVIDER_NAMES } from '../provider/payment-provider.js';
import { BillingAdministration } from './billing-administration.service.js';
import { BillingEvent, EVENT_STATES } from './billing-event.entity.js';
import { oneOf } from './subscription.admin.js';

/** The ledger: what providers told, and what became of it. Those that are parked wait for staff. */
@Injectable()
export class BillingEventAdmin extends AdminEntity<BillingEvent> {
  readonly entity = BillingEvent;
  readonly path = 'billing-events';
  readonly group = 'operations';
  readonly icon = 'inbox';
  override readonly position = 4;
  readonly title = 'type';
  readonly list = ['objectId', 'provider', 'state', 'problem', 'receivedAt'] as const;
  override readonly search = 'objectId';
  readonly orders = {
    receivedAt: { type: 'time', descending: true },
    objectId: { type: 'text', fold: 'lower' },
  } as const;
  override readonly filters = {
    state: oneOf('state', EVENT_STATES),
    provider: oneOf('provider', PROVIDER_NAMES),
  };
  override readonly words = { state: EVENT_STATES, provider: PROVIDER_NAMES };

  override readonly actions = {
    replay: {
      icon: 'refresh',
      isBulk: true,
      isOffered: () => true,
      run: (me: Principal, row: Row) => this.billing.replay(me, row),
    },
  };

  override readonly listPages = { replay_parked: { icon: 'refresh', isOffered: () => true } };

  constructor(private readonly billing: BillingAdministration) {
    super();
  }
}
