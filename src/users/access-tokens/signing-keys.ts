import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomUUID,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.service.js';
import { AppConfig } from '../../core/config/config.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { SecretBox } from '../../core/crypto/secret-box.js';
import { SigningKeysRepository, type SigningKeyRow } from './signing-keys.repository.js';
import { identityRole } from '../../core/database/privileged/identity.role.js';

interface KeyRing {
  current: { id: string; key: KeyObject };
  publicKeys: ReadonlyMap<string, KeyObject>;
  readAt: number;
}

/**
 * Maximum age of the cached keys in ms: a replica notices another's rotation within this time; retired keys
 * verify for an hour.
 */
const FRESH_MS = 5 * 60_000;
/** Minimum interval of re-reads for unknown key ids, in ms. */
const REREAD_MS = 1_000;

/**
 * Signing keys of access tokens (ES256, RFC 7518 §3.4): one signs, it and recently retired ones verify.
 * Stored in the database for all replicas; created when first needed.
 */
@Injectable()
export class SigningKeys {
  private readonly secretBox: SecretBox;
  private ring?: KeyRing;
  private reading: Promise<KeyRing> | undefined;

  constructor(
    private readonly keys: SigningKeysRepository,
    private readonly audit: AuditTrail,
    private readonly unitOfWork: UnitOfWork,
    config: AppConfig,
  ) {
    this.secretBox = new SecretBox(config.secret, 'signing keys');
  }

  /** The key that signs new tokens. */
  async current(): Promise<{ id: string; key: KeyObject }> {
    return (await this.freshRing()).current;
  }

  /** The public key with that `kid`; null when unknown or retired. */
  async publicKey(id: string): Promise<KeyObject | null> {
    const ring = await this.freshRing();
    const known = ring.publicKeys.get(id);
    if (known) return known;
    return (await this.newerThan(ring)).publicKeys.get(id) ?? null;
  }

  /** The public keys as a JWK Set (RFC 7517 §5), including those that another replica has just created. */
  async jwks(): Promise<{ keys: JsonWebKey[] }> {
    const { publicKeys } = await this.freshRing(REREAD_MS);
    const keys = [...publicKeys].map(([kid, key]) => ({
      ...key.export({ format: 'jwk' }),
      kid,
      use: 'sig',
      alg: 'ES256',
    }));
    return { keys };
  }

  /**
   * Rotates the signing key; tokens of the previous one stay valid until they expire. Of several concurrent
   * rotations one takes effect. Returns the `kid` of the current key.
   */
  async rotate(): Promise<string> {
    const { current } = await this.read();
    await this.replace(current.id);
    return (await this.read()).current.id;
  }

  private async freshRing(maxAge = FRESH_MS): Promise<KeyRing> {
    const { ring } = this;
    return ring && performance.now() - ring.readAt < maxAge ? ring : this.read();
  }

  /** Re-reads the keys for an unknown id, at most once a second; concurrent callers share the read. */
  private async newerThan(ring: KeyRing): Promise<KeyRing> {
    await pause(Math.max(0, ring.readAt + REREAD_MS - performance.now()), undefined, {
      ref: false,
    });
    return this.ring && this.ring !== ring ? this.ring : this.read();
  }

  private read(): Promise<KeyRing> {
    this.reading ??= this.open().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async open(): Promise<KeyRing> {
    let rows = await this.keys.accepted();
    let current = this.opened(rows);
    if (!current) {
      // No key yet, or encrypted with another secret.
      await this.replace(rows.find((row) => row.isCurrent)?.id ?? null);
      rows = await this.keys.accepted();
      current = this.opened(rows);
      if (!current) throw new Error('The signing key is encrypted with another APP_SECRET');
    }
    const publicKeys = new Map(
      rows.map(({ id, publicKey }) => [
        id,
        createPublicKey({ key: publicKey, format: 'der', type: 'spki' }),
      ]),
    );
    return (this.ring = { current, publicKeys, readAt: performance.now() });
  }

  /** Replaces the key; one of several concurrent calls succeeds. `previous` is null for the first key. */
  private async replace(previous: string | null): Promise<void> {
    const next = this.newPair();
    await this.unitOfWork.runAs(identityRole, async () => {
      const isReplaced = await this.keys.replace(previous, next);
      if (!isReplaced || !previous) return;
      const subject = { kind: 'signing_key', id: next.id, name: null };
      const changes = { kid: { from: previous, to: next.id } };
      await this.audit.record({ action: 'signing_key.rotated', subject, changes, tenantId: null });
    });
  }

  private opened(rows: SigningKeyRow[]): KeyRing['current'] | null {
    const row = rows.find(({ isCurrent }) => isCurrent);
    const der = row && this.secretBox.decrypt(row.privateKey, row.id);
    if (!row || !der) return null;
    return { id: row.id, key: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
  }

  private newPair(): Omit<SigningKeyRow, 'isCurrent'> {
    const id = randomUUID();
    const { publicKey, privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { format: 'der', type: 'spki' },
      privateKeyEncoding: { format: 'der', type: 'pkcs8' },
    });
    return { id, publicKey, privateKey: this.secretBox.encrypt(privateKey, id) };
  }
}
