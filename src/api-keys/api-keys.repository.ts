import { Injectable } from '@nestjs/common';
import type { Permission } from '../core/features/names.js';
import type { ApiKeyPrincipal } from '../core/context/principal.js';
import { TenantScopedRepository } from '../core/database/tenant-scoped.repository.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { TENANT_PLAN_COLUMNS, type TenantPlan } from '../core/entitlements/tenant-plan.js';
import { ApiKey } from './api-key.entity.js';
import { identityRole } from '../core/database/privileged/identity.role.js';

/** An API key as listed. */
export interface ApiKeyRow {
  id: string;
  name: string;
  prefix: string;
  scopes: Permission[];
  createdBy: string | null;
  createdAt: Date;
  expiresAt: Date | null;
  isExpired: boolean;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

interface MachineRow extends Omit<ApiKeyPrincipal, 'plan'>, TenantPlan {
  isStale: boolean;
}

/** Number of keys listed: all active ones (at most 50), then the latest revoked ones. */
const LISTED = 100;

@Injectable()
export class ApiKeysRepository extends TenantScopedRepository<ApiKey> {
  constructor(unitOfWork: UnitOfWork) {
    super(unitOfWork, ApiKey);
  }

  /**
   * Finds the principal of a key in one statement; `isStale`: the time of last use should be written again.
   */
  async machineOf(hash: Buffer): Promise<(ApiKeyPrincipal & { isStale: boolean }) | null> {
    const [row] = await this.unitOfWork.read<MachineRow>(
      {
        name: 'machine',
        text: `SELECT k.id AS "keyId", k.name, k.scopes, k.tenant_id AS "tenantId",
            t.organization, t.logo AS "logoKey", t.erase_at AS "eraseAt", ${TENANT_PLAN_COLUMNS},
            k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute' AS "isStale"
          FROM api_key k
          JOIN tenant t ON t.id = k.tenant_id AND t.is_active AND t.deleted_at IS NULL
          WHERE k.key_hash = $1 AND k.revoked_at IS NULL AND k.deleted_at IS NULL
            AND (k.expires_at IS NULL OR k.expires_at > now())`,
        values: [hash],
      },
      identityRole,
    );
    if (!row) return null;
    const { accessState, accessUntil, planKey, planVersion, seats, overrides, ...machine } = row;
    const plan = { accessState, accessUntil, planKey, planVersion, seats, overrides };
    return { ...machine, plan };
  }

  /** Runs as the identity role. Concurrent requests write it once. */
  async touch(id: string): Promise<void> {
    await this.unitOfWork.execute(
      `UPDATE api_key SET last_used_at = now() WHERE id = $1
         AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
      [id],
    );
  }

  /** Active keys first, then by creation, latest first. */
  listed(): Promise<ApiKeyRow[]> {
    return this.read<ApiKeyRow>({
      name: 'api-keys',
      text: `SELECT k.id, k.name, k.prefix, k.scopes, k.created_at AS "createdAt",
          coalesce(p.display_name, u.email) AS "createdBy", k.expires_at AS "expiresAt",
          coalesce(k.expires_at <= now(), false) AS "isExpired",
          k.last_used_at AS "lastUsedAt", k.revoked_at AS "revokedAt"
        FROM api_key k
        LEFT JOIN users u ON u.id = k.created_by
        LEFT JOIN user_profile p ON p.user_id = k.created_by AND p.tenant_id = k.tenant_id
        WHERE k.tenant_id = app_tenant_id() AND k.deleted_at IS NULL
        ORDER BY k.revoked_at IS NOT NULL, k.revoked_at DESC, k.created_at DESC, k.id LIMIT ${LISTED}`,
    });
  }

  /**
   * Counts the keys that are not revoked and locks their number until the unit of work ends. Null in a closed
   * organisation.
   */
  async lockAndCount(): Promise<number | null> {
    const open = await this.unitOfWork.query(
      'SELECT 1 FROM tenant WHERE id = app_tenant_id() AND closed_at IS NULL AND erase_at IS NULL FOR NO KEY UPDATE',
    );
    if (open.length === 0) return null;
    const [row] = await this.unitOfWork.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM api_key
       WHERE tenant_id = app_tenant_id() AND revoked_at IS NULL AND deleted_at IS NULL`,
    );
    return row!.count;
  }
}
