import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { BATCH, FIRST_ID, type DataRow } from '../tenants/tenant-data.js';

/** The people of the organisation in the scope, all of them, some at a time, by id. */
@Injectable()
export class PeopleRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  members(after = FIRST_ID): Promise<DataRow[]> {
    return this.unitOfWork.read({
      name: 'members-batch',
      text: `SELECT p.id, u.email, p.display_name, p.role, p.is_active, p.tenant_joined_at AS joined_at,
          p.tenant_revoked_at AS revoked_at
        FROM (SELECT id, user_id, display_name, role, is_active, tenant_joined_at, tenant_revoked_at
          FROM user_profile WHERE tenant_id = app_tenant_id() AND id > $1 AND deleted_at IS NULL
          ORDER BY id LIMIT ${BATCH}) p
        JOIN users u ON u.id = p.user_id ORDER BY p.id`,
      values: [after],
    });
  }

  invitations(after = FIRST_ID): Promise<DataRow[]> {
    return this.unitOfWork.read({
      name: 'invitations-batch',
      text: `SELECT id, email, role,
          CASE WHEN state = 'pending' AND expires_at <= now() THEN 'expired' ELSE state END AS state,
          invited_by_id, created_at, expires_at, accepted_at
        FROM invitation WHERE tenant_id = app_tenant_id() AND id > $1 AND deleted_at IS NULL
        ORDER BY id LIMIT ${BATCH}`,
      values: [after],
    });
  }
}
