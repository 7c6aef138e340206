import { Injectable } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { CheckboxField, EmailField } from '../../core/http/forms/fields.js';
import { UserAdministration } from './user-administration.service.js';
import { User } from '../../users/user.entity.js';
import { AdminEntity } from '../../core/back-office/admin-entity.js';
import { onAndOff } from '../../core/back-office/on-and-off.js';
import type { Row } from '../../core/back-office/row.js';

class UserForm {
  @EmailField() email: string;
  @CheckboxField() is_staff: boolean = false;
  @CheckboxField() is_superuser: boolean = false;
}

@Injectable()
export class UserAdmin extends AdminEntity<User> {
  readonly entity = User;
  readonly path = 'users';
  readonly group = 'customers';
  readonly icon = 'user';
  override readonly position = 2;
  readonly title = 'email';
  readonly list = [
    'isActive',
    'isStaff',
    'isSuperuser',
    'secondFactors',
    'emailVerifiedAt',
    'lastLoginAt',
    'createdAt',
  ] as const;
  override readonly search = 'email';
  // A person's profile has their name and their address.
  override readonly foundBy = [
    {
      text: 't.listed_as',
      of: { table: 'user_profile', links: [{ id: 't.user_id', column: 'r.id' }] },
    },
  ];
  override readonly isFoundElsewhere = true;
  readonly orders = {
    createdAt: { type: 'time', descending: true },
    email: { type: 'text', fold: 'lower', isAddress: true },
  } as const;
  override readonly filters = {
    staff: { staff: 'r.is_staff', superuser: 'r.is_staff AND r.is_superuser' },
    second_factors: { with_factor: 'cardinality(r.second_factors) > 0' },
  };
  override readonly hasTrail = true;
  override readonly isActor = true;

  override readonly editing = {
    form: UserForm,
    save: (me: Principal, { id }: Row, { email, is_staff, is_superuser }: UserForm) =>
      this.users.change(me, id, { email, isStaff: is_staff, isSuperuser: is_superuser }),
  };

  override readonly inWords = {
    secondFactors: (kinds: unknown) => (kinds as string[]).join(', '),
  };

  override readonly actions = {
    ...onAndOff(() => this.users),
    reset_factors: {
      icon: 'key',
      isDangerous: true,
      isOffered: (row: Row) => Array.isArray(row.second_factors) && row.second_factors.length > 0,
      run: (me: Principal, { id }: Row) => this.users.resetFactors(me, id),
    },
  };

  override readonly pages = {
    act: {
      icon: 'eye',
      isOffered: (row: Row) => row.is_active === true && !row.is_staff && !row.is_superuser,
    },
  };

  constructor(private readonly users: UserAdministration) {
    super();
  }
}
