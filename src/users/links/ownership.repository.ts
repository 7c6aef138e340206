import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';

/** What an account of unknown origin has made in the organisation of the unit of work. */
@Injectable()
export class OwnershipRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Changes of who belongs to the organisation wait for each other, from here to the end of the unit of work. */
  async lockTenant(): Promise<void> {
    await this.unitOfWork.query(
      'SELECT 1 FROM tenant WHERE id = app_tenant_id() FOR NO KEY UPDATE',
    );
  }

  /** Whether the organisation was made by this account: then all of it comes from there. */
  async hasFounded(userId: string): Promise<boolean> {
    const rows = await this.unitOfWork.query(
      'SELECT 1 FROM tenant WHERE id = app_tenant_id() AND created_by = $1',
      [userId],
    );
    return rows.length > 0;
  }

  /** The account's own membership is an active admin's, whatever others made of it. */
  async reinstate(userId: string): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE user_profile SET is_active = true, role = 'admin', tenant_revoked_at = NULL
       WHERE tenant_id = app_tenant_id() AND user_id = $1
         AND (NOT is_active OR role <> 'admin')`,
      [userId],
    );
  }

  /** Ends the access of everybody else. */
  holdOthers(userId: string): Promise<Array<{ userId: string; name: string | null }>> {
    return this.unitOfWork.query(
      `UPDATE user_profile SET is_active = false, role = 'member', tenant_revoked_at = now()
       WHERE tenant_id = app_tenant_id() AND user_id <> $1 AND is_active AND deleted_at IS NULL
       RETURNING user_id AS "userId", display_name AS name`,
      [userId],
    );
  }

  /** Revokes the keys this account made, or `all`; returns their names. */
  async revokeKeys(userId: string, all: boolean): Promise<string[]> {
    const keys = await this.unitOfWork.query<{ name: string }>(
      `UPDATE api_key SET revoked_at = now(), revoked_by = $1
       WHERE tenant_id = app_tenant_id() AND revoked_at IS NULL AND ($2 OR created_by = $1)
       RETURNING name`,
      [userId, all],
    );
    return keys.map(({ name }) => name);
  }

  /** Cancels the invitations this account sent, or `all`. */
  cancelInvitations(userId: string, all: boolean): Promise<number> {
    return this.unitOfWork.execute(
      `UPDATE invitation SET state = 'cancelled'
       WHERE tenant_id = app_tenant_id() AND state = 'pending' AND ($2 OR invited_by_id = $1)`,
      [userId, all],
    );
  }

  /**
   * As the role identity. An account that never proved its address gives it up; false when it has
   * proven it by now. What it has made stays its own, under an address that reaches nobody (RFC 2606 §2).
   */
  async release(userId: string, email: string): Promise<boolean> {
    const released = await this.unitOfWork.execute(
      `UPDATE users SET email = 'released-' || id || $3
       WHERE id = $1 AND first_verified_at IS NULL AND lower(email) = lower($2)`,
      [userId, email, RELEASED],
    );
    return released > 0;
  }
}

const RELEASED = '@released.invalid';
