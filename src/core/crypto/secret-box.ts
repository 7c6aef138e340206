import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts values for the database: AES-256-GCM with a key derived from the application secret. */
export class SecretBox {
  private readonly key: Buffer;
  private readonly markKey: Buffer;

  /** `purpose` separates keys: what was encrypted for one purpose cannot be decrypted for another. */
  constructor(secret: string, purpose: string) {
    if (!secret) throw new Error(`There is no secret for ${purpose}`);
    this.key = Buffer.from(hkdfSync('sha256', secret, '', `atrium ${purpose}`, 32));
    this.markKey = Buffer.from(hkdfSync('sha256', secret, '', `atrium marks of ${purpose}`, 32));
  }

  /**
   * `about` is additional authenticated data: it is stored unencrypted elsewhere and must be the same to
   * decrypt.
   */
  encrypt(plain: Buffer, about: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(about));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  /** HMAC-SHA-256: deterministic, and not computable without the secret. */
  hmac(text: string | Buffer): Buffer {
    return createHmac('sha256', this.markKey).update(text).digest();
  }

  /** Null when encrypted with another secret or other `about`, or changed since. */
  decrypt(sealed: Buffer, about: string): Buffer | null {
    const iv = sealed.subarray(0, IV_BYTES);
    const tag = sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, iv, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(about)).setAuthTag(tag);
      const rest = sealed.subarray(IV_BYTES + TAG_BYTES);
      return Buffer.concat([decipher.update(rest), decipher.final()]);
    } catch {
      return null;
    }
  }
}
