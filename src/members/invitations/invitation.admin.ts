import { Injectable } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { Invitation } from './invitation.entity.js';
import { MemberAdministration } from '../administration/member-administration.service.js';
import { AdminEntity } from '../../core/back-office/admin-entity.js';
import type { Row } from '../../core/back-office/row.js';

@Injectable()
export class InvitationAdmin extends AdminEntity<Invitation> {
  readonly entity = Invitation;
  readonly path = 'invitations';
  readonly group = 'customers';
  readonly icon = 'mail';
  override readonly position = 4;
  readonly title = 'email';
  readonly list = ['tenantId', 'role', 'state', 'invitedById', 'expiresAt', 'createdAt'] as const;
  override readonly search = 'email';
  override readonly foundBy = [{ text: 'app_search_text(r.email)' }];
  readonly orders = {
    createdAt: { type: 'time', descending: true },
    email: { type: 'text', fold: 'lower', isAddress: true },
  } as const;
  override readonly filters = {
    state: {
      pending: `r.state = 'pending' AND r.expires_at > now()`,
      expired: `r.state = 'expired' OR r.state = 'pending' AND r.expires_at <= now()`,
      accepted: `r.state = 'accepted'`,
      cancelled: `r.state = 'cancelled'`,
    },
  };
  override readonly words = {
    role: ['admin', 'member'],
    state: ['pending', 'accepted', 'cancelled', 'expired'],
  };
  override readonly hidden = ['isActive', 'linkId'] as const;
  override readonly listedUnder = ['tenant'];
  override readonly hasTrail = true;

  override readonly actions = {
    cancel: {
      icon: 'x',
      isBulk: true,
      isDangerous: true,
      isOffered: (row: Row) => row.state === 'pending',
      run: (me: Principal, { id }: Row) => this.members.cancelInvitation(me, id),
    },
  };

  constructor(private readonly members: MemberAdministration) {
    super();
  }
}
