import { Injectable, Logger } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.service.js';
import type { Permission } from '../core/features/names.js';
import { apiScopes } from '../core/features/registry.js';
import type { ApiKeyPrincipal, Principal } from '../core/context/principal.js';
import { may, requirePermission } from '../core/http/access/require-permission.js';
import { isDuplicate } from '../core/database/database-errors.js';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { DomainError } from '../core/errors/domain-error.js';
import { ApiKey } from './api-key.entity.js';
import { hashApiKey, looksLikeApiKey, newApiKey } from './api-key-secret.js';
import { ApiKeysRepository, type ApiKeyRow } from './api-keys.repository.js';
import { identityRole } from '../core/database/privileged/identity.role.js';

/** Input for a new key. */
export interface ApiKeyChoices {
  /** 1–100 characters. */
  name: string;
  scopes: readonly Permission[];
  /** Lifetime in days (1–365); null: until it is revoked. */
  days: number | null;
}

/** Maximum number of active keys per organisation. */
export const API_KEYS_AT_MOST = 50;

/** Creates, lists, authenticates and revokes API keys. */
@Injectable()
export class ApiKeysService {
  private readonly log = new Logger('ApiKeys');

  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** The principal of a key; null for an unknown, expired or revoked key. One statement. */
  async authenticate(secret: string): Promise<ApiKeyPrincipal | null> {
    if (!looksLikeApiKey(secret)) return null;
    const found = await this.keys.machineOf(hashApiKey(secret));
    if (!found) return null;
    const { isStale, ...machine } = found;
    if (isStale) this.touch(machine.keyId);
    return machine;
  }

  listed(): Promise<ApiKeyRow[]> {
    return this.keys.listed();
  }

  /**
   * Creates a key and returns its secret, which is not stored and cannot be shown again.
   * @throws DomainError `forbidden`; `conflict`: the name is taken, or there are 50 active keys
   */
  async create(me: Principal, { name, scopes, days }: ApiKeyChoices): Promise<string> {
    requirePermission(me, 'api_keys:write');
    // A key gets no permission that its creator lacks.
    if (!scopes.every((scope) => apiScopes().includes(scope) && may(me, scope))) {
      throw new DomainError('invalid', 'validation.choice', { field: 'scopes' });
    }
    const { secret, prefix, hash: keyHash } = newApiKey();
    const expiresAt = days === null ? null : new Date(Date.now() + days * DAY_MS);
    const key = Object.assign(new ApiKey(), { name, prefix, keyHash, expiresAt });
    key.scopes = [...scopes];
    try {
      await this.unitOfWork.run(() => this.add(key));
    } catch (error) {
      if (!isDuplicate(error, 'uq_api_key_name')) throw error;
      throw new DomainError('conflict', 'api-keys.errors.name_taken', { field: 'name' });
    }
    return secret;
  }

  /** Revokes the key from the next request on. Idempotent. */
  async revoke(me: Principal, id: string): Promise<ApiKey> {
    requirePermission(me, 'api_keys:write');
    return this.unitOfWork.run(async () => {
      const key = await this.keys.lock(id);
      if (key.revokedAt) return key;
      key.revoke(me.userId, new Date());
      await this.keys.save(key);
      await this.audit.record({ action: 'api_key.revoked', subject: subjectOf(key) });
      return key;
    });
  }

  private async add(key: ApiKey): Promise<void> {
    const count = await this.keys.lockAndCount();
    if (count === null) throw new DomainError('forbidden', 'errors.admins_only');
    if (count >= API_KEYS_AT_MOST) {
      const args = { max: API_KEYS_AT_MOST };
      throw new DomainError('conflict', 'api-keys.errors.too_many', { args });
    }
    await this.keys.add(key);
    const changes = {
      scopes: { from: null, to: key.scopes },
      expiresAt: { from: null, to: key.expiresAt },
    };
    await this.audit.record({ action: 'api_key.created', subject: subjectOf(key), changes });
  }

  /** Runs after the response; a failure does not fail the request. */
  private touch(id: string): void {
    this.unitOfWork
      .inNewTransaction(identityRole, () => this.keys.touch(id))
      .catch((error: Error) => this.log.warn(`The use of a key was not noted: ${error.message}`));
  }
}

const DAY_MS = 86_400_000;

function subjectOf({ id, name }: ApiKey) {
  return { kind: 'api_key', id, name };
}
