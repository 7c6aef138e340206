import { Injectable } from '@nestjs/common';
import type { Principal, Role } from '../core/context/principal.js';
import { ChoiceField, OptionalNameField, VersionField } from '../core/http/forms/fields.js';
import { MemberAdministration } from '../members/administration/member-administration.service.js';
import { UserProfile } from '../users/user-profile.entity.js';
import { AdminEntity } from '../core/back-office/admin-entity.js';
import { onAndOff } from '../core/back-office/on-and-off.js';
import type { Row } from '../core/back-office/row.js';

const ROLES = ['admin', 'member'] as const;

class MemberForm {
  @OptionalNameField({ max: 100 }) display_name: string | null = null;
  @ChoiceField(ROLES) role: Role;
  @VersionField() version: number = 0;
}

/** Staff cannot change the profile of a person without an organisation. */
const isMember = (row: Row) => row.tenant_id !== null;

@Injectable()
export class ProfileAdmin extends AdminEntity<UserProfile> {
  readonly entity = UserProfile;
  readonly path = 'profiles';
  readonly group = 'customers';
  readonly icon = 'users';
  override readonly position = 3;
  readonly title = 'displayName';
  readonly list = [
    'userId',
    'tenantId',
    'role',
    'isActive',
    'tenantJoinedAt',
    'createdAt',
  ] as const;
  override readonly search = 'displayName';
  override readonly foundBy = [{ text: 'r.listed_as' }];
  override readonly foundByIds = ['userId'] as const;
  readonly orders = {
    displayName: { type: 'text', fold: 'app_search_text', column: 'listed_as', isAddress: true },
    createdAt: { type: 'time', descending: true },
  } as const;
  override readonly filters = {
    role: { admin: `r.role = 'admin'`, member: `r.role = 'member'`, none: 'r.role IS NULL' },
  };
  override readonly words = {
    role: ROLES,
    revokedRole: ROLES,
    theme: ['corporate', 'night', 'system'],
  };
  override readonly listedUnder = ['tenant', 'user'];
  override readonly hasTrail = true;

  override readonly editing = {
    form: MemberForm,
    isOffered: isMember,
    save: (me: Principal, { id }: Row, { display_name, role, version }: MemberForm) =>
      this.members.change(me, id, { displayName: display_name, role }, [version]),
  };

  override readonly actions = onAndOff(() => this.members, isMember);

  constructor(private readonly members: MemberAdministration) {
    super();
  }
}
