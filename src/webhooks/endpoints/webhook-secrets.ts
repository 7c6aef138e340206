import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppConfig } from '../../core/config/config.js';
import { SecretBox } from '../../core/crypto/secret-box.js';

const PREFIX = 'whsec_';

/** Signing secrets of endpoints: `whsec_` and 32 random bytes in base64 (Standard Webhooks), encrypted at rest. */
@Injectable()
export class WebhookSecrets {
  private readonly secretBox: SecretBox;

  constructor(config: AppConfig) {
    this.secretBox = new SecretBox(config.secret, 'webhook secrets');
  }

  /** A new secret, and how it is stored for this endpoint. */
  make(endpointId: string): { secret: string; sealed: Buffer } {
    const key = randomBytes(32);
    const secret = PREFIX + key.toString('base64');
    return { secret, sealed: this.secretBox.encrypt(key, endpointId) };
  }

  /**
   * The headers of a message (Standard Webhooks): a signature for each secret, the current one first. A secret that
   * cannot be decrypted any more, since `APP_SECRET` has changed, signs nothing.
   */
  headersOf(
    message: { id: string; at: Date; body: string },
    endpointId: string,
    sealed: readonly Buffer[],
  ): Record<string, string> {
    const timestamp = String(Math.floor(message.at.getTime() / 1000));
    const signed = `${message.id}.${timestamp}.${message.body}`;
    const signatures = sealed.flatMap((each) => {
      const key = this.secretBox.decrypt(each, endpointId);
      return key ? [`v1,${createHmac('sha256', key).update(signed).digest('base64')}`] : [];
    });
    return {
      'webhook-id': message.id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatures.join(' '),
    };
  }
}
