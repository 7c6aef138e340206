import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps something secret in the database: AES-256-GCM with a key of its own derived from the secret. */
export class SecretBox {
  private readonly key: Buffer;
  private readonly markKey: Buffer;

  /** `purpose` separates the keys: what was sealed for one purpose opens for no other. */
  constructor(secret: string, purpose: string) {
    if (!secret) throw new Error(`There is no secret for ${purpose}`);
    this.key = Buffer.from(hkdfSync('sha256', secret, '', `atrium ${purpose}`, 32));
    this.markKey = Buffer.from(hkdfSync('sha256', secret, '', `atrium marks of ${purpose}`, 32));
  }

  /** `about` goes unencrypted elsewhere, and must be the same to open it again. */
  encrypt(plain: Buffer, about: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(about));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]);
  }

  /** The same for the same text, and nobody without the secret can tell which text (HMAC-SHA-256). */
  hmac(text: string | Buffer): Buffer {
    return createHmac('sha256', this.markKey).update(text).digest();
  }

  /** Null when it was sealed with another secret, about something else, or was changed since. */
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
