import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

/** A stored key pair: SPKI in DER, and encrypted PKCS #8. */
export interface SigningKeyRow {
  id: string;
  publicKey: Buffer;
  privateKey: Buffer;
  isCurrent: boolean;
}

/** Signing keys of access tokens. Runs as the identity role. */
@Injectable()
export class SigningKeysRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** The current key first, then recently retired ones, whose tokens may still be valid. */
  accepted(): Promise<SigningKeyRow[]> {
    return this.unitOfWork.read<SigningKeyRow>(
      {
        name: 'signing-keys',
        text: `SELECT id, public_key AS "publicKey", private_key AS "privateKey",
            retired_at IS NULL AS "isCurrent"
          FROM signing_key WHERE retired_at IS NULL OR retired_at > now() - interval '1 hour'
          ORDER BY retired_at DESC NULLS FIRST`,
      },
      identityRole,
    );
  }

  /** Replaces `previous` by `next`; false when another process was first. */
  async replace(
    previous: string | null,
    next: Pick<SigningKeyRow, 'id' | 'publicKey' | 'privateKey'>,
  ): Promise<boolean> {
    return this.unitOfWork.runAs(identityRole, async () => {
      await this.unitOfWork.execute(
        'UPDATE signing_key SET retired_at = now() WHERE id = $1 AND retired_at IS NULL',
        [previous],
      );
      const added = await this.unitOfWork.execute(
        `INSERT INTO signing_key (id, public_key, private_key) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING`,
        [next.id, next.publicKey, next.privateKey],
      );
      await this.unitOfWork.execute(
        `DELETE FROM signing_key WHERE retired_at < now() - interval '30 days'`,
      );
      return added > 0;
    });
  }
}
