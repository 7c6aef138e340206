import { Injectable } from '@nestjs/common';
import type { Role } from '../../core/context/principal.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { staffRole } from '../../core/database/privileged/staff.role.js';

/** An account and its membership, as read for actions of superusers. */
export interface AdministeredUser {
  id: string;
  email: string;
  displayName: string | null;
  isActive: boolean;
  isStaff: boolean;
  isSuperuser: boolean;
  tenantId: string | null;
  role: Role | null;
  profileActive: boolean;
}

/** Reads and locks accounts of any organisation, as the staff role. */
@Injectable()
export class AdministrationRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** @throws DomainError `not_found` */
  async user(id: string): Promise<AdministeredUser> {
    return this.one<AdministeredUser>(`${USER} WHERE u.id = $1 AND u.deleted_at IS NULL`, id);
  }

  /**
   * Locks both accounts in the order of their ids until the unit of work ends; false when `actorId` is no
   * longer a superuser.
   */
  async lockAsSuperuser(actorId: string, id: string): Promise<boolean> {
    const locked = await this.unitOfWork.runAs(staffRole, () =>
      this.unitOfWork.query<{ id: string; mayChange: boolean }>(
        `SELECT id, is_staff AND is_superuser AND is_active AND deleted_at IS NULL AS "mayChange"
         FROM users WHERE id IN ($1, $2) ORDER BY id FOR NO KEY UPDATE`,
        [actorId, id],
      ),
    );
    return locked.some((row) => row.id === actorId && row.mayChange);
  }

  /** The owner of a session. @throws DomainError `not_found` */
  async ownerOfSession(id: string): Promise<AdministeredUser> {
    return this.one<AdministeredUser>(
      `${USER} JOIN session s ON s.user_id = u.id WHERE s.id = $1`,
      id,
    );
  }

  /** The organisation of a member or invitation; null for a person without one. */
  async organisationOf(table: 'user_profile' | 'invitation', id: string): Promise<string | null> {
    const row = await this.one<{ tenantId: string | null }>(
      `SELECT tenant_id AS "tenantId" FROM ${table} WHERE id = $1 AND deleted_at IS NULL`,
      id,
    );
    return row.tenantId;
  }

  async setActive(id: string, isActive: boolean): Promise<void> {
    await this.change('UPDATE users SET is_active = $2 WHERE id = $1', [id, isActive]);
  }

  async setRights(id: string, isStaff: boolean, isSuperuser: boolean): Promise<void> {
    await this.change('UPDATE users SET is_staff = $2, is_superuser = $3 WHERE id = $1', [
      id,
      isStaff,
      isSuperuser,
    ]);
  }

  private async one<T>(text: string, id: string): Promise<T> {
    const [row] = await this.unitOfWork.runAs(staffRole, () =>
      this.unitOfWork.query<T>(text, [id]),
    );
    if (!row) throw new DomainError('not_found', 'errors.not_found');
    return row;
  }

  private async change(text: string, values: unknown[]): Promise<void> {
    await this.unitOfWork.runAs(staffRole, () => this.unitOfWork.execute(text, values));
  }
}

const USER = `SELECT u.id, u.email, p.display_name AS "displayName", u.is_active AS "isActive",
    u.is_staff AS "isStaff", u.is_superuser AS "isSuperuser", p.tenant_id AS "tenantId", p.role,
    p.is_active AS "profileActive"
  FROM users u JOIN user_profile p ON p.user_id = u.id`;
