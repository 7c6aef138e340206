import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { identityRole } from '../core/database/privileged/identity.role.js';

/** Columns needed for sign-in. */
export interface Credentials {
  id: string;
  email: string;
  passwordHash: string | null;
  isActive: boolean;
  /** Whether the current address is verified. */
  emailVerified: boolean;
  /** Whether an address of this account was ever verified; else its owner is unknown. */
  isProven: boolean;
  /** Organisation whose trail records this person's actions, and the name in it. */
  tenantId: string | null;
  displayName: string | null;
  /** Kinds of second factors. */
  secondFactors: string[];
}

/** Login identities. Runs as the identity role, which callers must have entered. */
@Injectable()
export class UsersRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async credentialsByEmail(email: string): Promise<Credentials | null> {
    return this.credentials('credentials-by-email', 'lower(u.email) = lower($1)', email);
  }

  async credentialsById(id: string): Promise<Credentials | null> {
    return this.credentials('credentials-by-id', 'u.id = $1', id);
  }

  /** Adds a user; null when the address is taken (decided by a unique index). */
  async add(email: string, passwordHash: string | null, verified = false): Promise<string | null> {
    const [row] = await this.unitOfWork.query<{ id: string }>(
      `INSERT INTO users (email, password_hash, email_verified_at, last_login_at)
       VALUES ($1, $2, CASE WHEN $3 THEN now() END, now())
       ON CONFLICT (lower(email)) DO NOTHING RETURNING id`,
      [email, passwordHash, verified],
    );
    return row?.id ?? null;
  }

  /** Records a sign-in that a second factor completed. False when the account was closed meanwhile. */
  async completedSignIn(id: string): Promise<boolean> {
    const noted = await this.unitOfWork.execute(
      'UPDATE users SET last_login_at = now() WHERE id = $1 AND is_active AND deleted_at IS NULL',
      [id],
    );
    return noted > 0;
  }

  /**
   * Records a sign-in (one that still waits for a second factor is recorded when it is shown) and stores a costlier hash. False when the account was closed or its password changed
   * since `hash` was read.
   */
  async signedIn(id: string, hash: string, newHash: string | null): Promise<boolean> {
    const noted = await this.unitOfWork.execute(
      `UPDATE users SET last_login_at = CASE WHEN cardinality(second_factors) = 0 THEN now()
           ELSE last_login_at END, password_hash = coalesce($3, password_hash)
       WHERE id = $1 AND password_hash = $2 AND is_active AND deleted_at IS NULL`,
      [id, hash, newHash],
    );
    return noted > 0;
  }

  /** Sets the hash; null: no password is accepted until a new one is chosen. */
  async setPassword(id: string, passwordHash: string | null): Promise<void> {
    await this.unitOfWork.execute('UPDATE users SET password_hash = $2 WHERE id = $1', [
      id,
      passwordHash,
    ]);
  }

  /** Locks the account. False when it was closed or its password changed since `hash` was read. */
  async lockWithPassword(id: string, hash: string): Promise<boolean> {
    const rows = await this.unitOfWork.query(
      `SELECT 1 FROM users WHERE id = $1 AND password_hash = $2 AND is_active AND deleted_at IS NULL
       FOR NO KEY UPDATE`,
      [id, hash],
    );
    return rows.length > 0;
  }

  /** Locks the account, before the next statement, until the unit of work ends. */
  lock(id: string): Promise<void> {
    return this.unitOfWork.post({
      text: 'SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE',
      values: [id],
    });
  }

  /** Marks `email` verified, if it still is the address of the account. */
  async markVerified(id: string, email: string): Promise<boolean> {
    const marked = await this.unitOfWork.execute(
      `UPDATE users SET email_verified_at = coalesce(email_verified_at, now())
       WHERE id = $1 AND lower(email) = lower($2)`,
      [id, email],
    );
    return marked > 0;
  }

  /** Changes the address. The index `uq_users_email` refuses duplicates. */
  async changeEmail(id: string, email: string): Promise<void> {
    await this.unitOfWork.execute(
      'UPDATE users SET email = $2, email_verified_at = now() WHERE id = $1',
      [id, email],
    );
  }

  /** Changes to an unverified address. The index `uq_users_email` refuses duplicates. */
  async correctEmail(id: string, email: string): Promise<void> {
    await this.unitOfWork.execute(
      'UPDATE users SET email = $2, email_verified_at = NULL WHERE id = $1',
      [id, email],
    );
  }

  async promote(email: string, passwordHash: string): Promise<string> {
    const [row] = await this.unitOfWork.query<{ id: string }>(
      `UPDATE users SET is_staff = true, is_superuser = true, is_active = true, password_hash = $2
       WHERE lower(email) = lower($1) RETURNING id`,
      [email, passwordHash],
    );
    return row!.id;
  }

  async deactivate(id: string): Promise<void> {
    await this.unitOfWork.execute('UPDATE users SET is_active = false WHERE id = $1', [id]);
  }

  private async credentials(
    name: string,
    where: string,
    value: string,
  ): Promise<Credentials | null> {
    const [row] = await this.unitOfWork.read<Credentials>(
      {
        name,
        text: `SELECT u.id, u.email, u.password_hash AS "passwordHash", u.is_active AS "isActive",
            u.email_verified_at IS NOT NULL AS "emailVerified",
            u.first_verified_at IS NOT NULL AS "isProven", p.tenant_id AS "tenantId",
            p.display_name AS "displayName", u.second_factors AS "secondFactors"
          FROM users u LEFT JOIN user_profile p ON p.user_id = u.id
          WHERE ${where} AND u.deleted_at IS NULL`,
        values: [value],
      },
      identityRole,
    );
    return row ?? null;
  }
}
