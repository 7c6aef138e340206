import { Injectable } from '@nestjs/common';
import { LOCK_ORGANISATION } from '../organisation-lock.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';

/** Reads and revokes what an unverified account created in the organisation of the unit of work. */
@Injectable()
export class OwnershipRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Locks the memberships of the organisation, before the next statement, until the unit of work ends. */
  lockTenant(): Promise<void> {
    return this.unitOfWork.post(LOCK_ORGANISATION);
  }

  /** Whether this account founded the organisation, so that everything in it stems from it. */
  async hasFounded(userId: string): Promise<boolean> {
    const rows = await this.unitOfWork.query(
      'SELECT 1 FROM tenant WHERE id = app_tenant_id() AND created_by = $1',
      [userId],
    );
    return rows.length > 0;
  }

  /** Makes the account an active admin again. */
  async reinstate(userId: string): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE user_profile SET is_active = true, role = 'admin', tenant_revoked_at = NULL,
         version = version + 1
       WHERE tenant_id = app_tenant_id() AND user_id = $1
         AND (NOT is_active OR role <> 'admin')`,
      [userId],
    );
  }

  /** Suspends the access of everybody else. */
  holdOthers(userId: string): Promise<Array<{ userId: string; name: string | null }>> {
    return this.unitOfWork.query(
      `UPDATE user_profile SET is_active = false, role = 'member', tenant_revoked_at = now(),
         version = version + 1
       WHERE tenant_id = app_tenant_id() AND user_id <> $1 AND is_active AND deleted_at IS NULL
       RETURNING user_id AS "userId", display_name AS name`,
      [userId],
    );
  }

  /** Revokes the keys created by this account, or all keys; returns their names. */
  async revokeKeys(userId: string, all: boolean): Promise<string[]> {
    const keys = await this.unitOfWork.query<{ name: string }>(
      `UPDATE api_key SET revoked_at = now(), revoked_by = $1
       WHERE tenant_id = app_tenant_id() AND revoked_at IS NULL AND ($2 OR created_by = $1)
       RETURNING name`,
      [userId, all],
    );
    return keys.map(({ name }) => name);
  }

  /** Cancels the invitations sent by this account, or all. */
  cancelInvitations(userId: string, all: boolean): Promise<number> {
    return this.unitOfWork.execute(
      `UPDATE invitation SET state = 'cancelled'
       WHERE tenant_id = app_tenant_id() AND state = 'pending' AND ($2 OR invited_by_id = $1)`,
      [userId, all],
    );
  }

  /**
   * Runs as the identity role. Removes the address from an account that never verified it, which gets an
   * unreachable one (RFC 2606 §2); false when it was verified by now.
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
