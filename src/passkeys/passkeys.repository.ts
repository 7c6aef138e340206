import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';

/** What an authenticator said of a passkey it made. */
export interface NewPasskey {
  /** Base64url. */
  credentialId: string;
  /** COSE key. */
  publicKey: Buffer;
  counter: number;
  /** Synced among the person's devices. */
  isBackedUp: boolean;
  /** Kind of authenticator; zeros where it does not tell. */
  aaguid: string;
}

export interface StoredPasskey {
  id: string;
  userId: string;
  credentialId: string;
  publicKey: Buffer;
  /** A bigint, which the driver returns as text. */
  counter: string;
}

/** A passkey as its owner sees it. */
export interface PasskeyRow {
  id: string;
  name: string;
  isBackedUp: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
  /** Of the name. */
  version: number;
}

const COLUMNS = `id, name, is_backed_up AS "isBackedUp", created_at AS "createdAt",
  last_used_at AS "lastUsedAt", version`;

/** Passkeys of people. Runs as the identity role, which callers must have entered. */
@Injectable()
export class PasskeysRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  of(userId: string): Promise<PasskeyRow[]> {
    return this.unitOfWork.query<PasskeyRow>(
      `SELECT ${COLUMNS} FROM passkey WHERE user_id = $1 ORDER BY created_at, id`,
      [userId],
    );
  }

  /** Null when it is not one of this person. */
  async one(id: string, userId: string): Promise<PasskeyRow | null> {
    const [row] = await this.unitOfWork.query<PasskeyRow>(
      `SELECT ${COLUMNS} FROM passkey WHERE id = $1 AND user_id = $2`,
      [id, userId],
    );
    return row ?? null;
  }

  async credentialIdsOf(userId: string): Promise<string[]> {
    const rows = await this.unitOfWork.query<{ credentialId: string }>(
      'SELECT credential_id AS "credentialId" FROM passkey WHERE user_id = $1 ORDER BY id',
      [userId],
    );
    return rows.map(({ credentialId }) => credentialId);
  }

  async find(credentialId: string): Promise<StoredPasskey | null> {
    const [row] = await this.unitOfWork.query<StoredPasskey>(
      `SELECT id, user_id AS "userId", credential_id AS "credentialId", public_key AS "publicKey", counter
       FROM passkey WHERE credential_id = $1`,
      [credentialId],
    );
    return row ?? null;
  }

  /** Null when the credential is somebody's already. */
  async add(userId: string, name: string, passkey: NewPasskey): Promise<PasskeyRow | null> {
    const { credentialId, publicKey, counter, isBackedUp, aaguid } = passkey;
    const [row] = await this.unitOfWork.query<PasskeyRow>(
      `INSERT INTO passkey (user_id, name, credential_id, public_key, counter, is_backed_up, aaguid)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (credential_id) DO NOTHING
       RETURNING ${COLUMNS}`,
      [userId, name, credentialId, publicKey, counter, isBackedUp, aaguid],
    );
    return row ?? null;
  }

  /** Returns it as it is then; null when it is not one of this person. */
  async rename(id: string, userId: string, name: string): Promise<PasskeyRow | null> {
    const [row] = await this.unitOfWork.query<PasskeyRow>(
      `UPDATE passkey SET name = $3, version = version + 1 WHERE id = $1 AND user_id = $2
       RETURNING ${COLUMNS}`,
      [id, userId, name],
    );
    return row ?? null;
  }

  /**
   * Notes a use; false when the counter does not go up (a copy of the key, WebAuthn §6.1.1) or the passkey was
   * removed meanwhile. Authenticators without a counter always say 0. The update of the row decides.
   */
  async use(id: string, counter: number, isBackedUp: boolean): Promise<boolean> {
    const used = await this.unitOfWork.execute(
      `UPDATE passkey SET counter = $2, is_backed_up = $3, last_used_at = now()
       WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0))`,
      [id, counter, isBackedUp],
    );
    return used > 0;
  }

  async remove(id: string, userId: string): Promise<void> {
    const text = 'DELETE FROM passkey WHERE id = $1 AND user_id = $2';
    await this.unitOfWork.execute(text, [id, userId]);
  }

  /** `since`: only those added from then on. */
  removeAll(userId: string, since: Date | null): Promise<number> {
    return this.unitOfWork.execute(
      'DELETE FROM passkey WHERE user_id = $1 AND ($2::timestamptz IS NULL OR created_at >= $2)',
      [userId, since],
    );
  }
}
