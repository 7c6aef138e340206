import { Injectable } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { Session } from '../../users/sessions/session.entity.js';
import { UserAdministration } from './user-administration.service.js';
import { AdminEntity } from '../../core/back-office/admin-entity.js';
import type { Row } from '../../core/back-office/row.js';

@Injectable()
export class SessionAdmin extends AdminEntity<Session> {
  readonly entity = Session;
  readonly path = 'sessions';
  readonly group = 'customers';
  readonly icon = 'laptop';
  override readonly position = 5;
  readonly title = 'kind';
  readonly list = ['userId', 'ip', 'userAgent', 'lastSeenAt', 'endedAt', 'createdAt'] as const;
  readonly orders = { createdAt: { type: 'time', descending: true } } as const;
  override readonly filters = {
    state: {
      live: 'r.ended_at IS NULL AND r.expires_at > now()',
      ended: 'r.ended_at IS NOT NULL OR r.expires_at <= now()',
    },
    kind: {
      browser: `r.kind = 'browser'`,
      api: `r.kind = 'api'`,
      on_behalf: 'r.acting_session_id IS NOT NULL',
    },
  };
  override readonly words = { kind: ['browser', 'api'] };
  override readonly hidden = ['flags', 'actingSessionId', 'actingStaffName'] as const;
  override readonly listedUnder = ['user'];
  override readonly hasTrail = true;
  override readonly alsoRead = ['actingMayWrite'] as const;

  /** The name of an impersonating superuser is shown instead of the kind of client. */
  override nameOf(row: Row, say: (word: string) => string): string {
    return say(row.acting_may_write === null ? String(row.kind) : 'on_behalf');
  }

  override readonly actions = {
    end: {
      icon: 'log-out',
      isBulk: true,
      isDangerous: true,
      isOffered: (row: Row) => row.ended_at === null,
      run: (me: Principal, { id }: Row) => this.users.endSession(me, id),
    },
  };

  constructor(private readonly users: UserAdministration) {
    super();
  }
}
