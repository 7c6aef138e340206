import { Injectable } from '@nestjs/common';
import {
  inBatches,
  TenantData,
  type DataRow,
  type TenantDataPart,
} from '../tenants/tenant-data.js';
import { PeopleRepository } from './people.repository.js';

/** The members of an organisation, those without access included: what its admins see of them. */
@Injectable()
export class MembersPart implements TenantDataPart {
  readonly name = 'members';
  readonly columns = [
    'id',
    'email',
    'display_name',
    'role',
    'is_active',
    'joined_at',
    'revoked_at',
  ];

  constructor(
    private readonly people: PeopleRepository,
    data: TenantData,
  ) {
    data.add(this);
  }

  rows(): AsyncIterable<DataRow> {
    return inBatches<DataRow>((last) => this.people.members(last?.id as string | undefined));
  }
}

/** Everybody who was ever invited, and what came of it. The link, of which only a hash is kept, is not in it. */
@Injectable()
export class InvitationsPart implements TenantDataPart {
  readonly name = 'invitations';
  readonly columns = [
    'id',
    'email',
    'role',
    'state',
    'invited_by_id',
    'created_at',
    'expires_at',
    'accepted_at',
  ];

  constructor(
    private readonly people: PeopleRepository,
    data: TenantData,
  ) {
    data.add(this);
  }

  rows(): AsyncIterable<DataRow> {
    return inBatches<DataRow>((last) => this.people.invitations(last?.id as string | undefined));
  }
}
