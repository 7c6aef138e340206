import { Injectable } from '@nestjs/common';
import { timingSafeEqual } from 'node:crypto';
import { AppConfig } from '../../core/config/config.js';
import { SecretBox } from '../../core/crypto/secret-box.js';
import { isId } from '../../core/http/pipeline/id-param.js';

/** What a link ends: the mails of one kind, or the daily digest (`kind` null), of a member. */
export interface Subscription {
  tenantId: string;
  memberId: string;
  kind: string | null;
}

/** Links that end a kind of mail without a session. They are signed and do not expire, as mails do not. */
@Injectable()
export class UnsubscribeLinks {
  private readonly box: SecretBox;

  constructor(private readonly config: AppConfig) {
    this.box = new SecretBox(config.secret, 'unsubscribe links');
  }

  url(subscription: Subscription): string {
    return `${this.config.appUrl}/notifications/unsubscribe/${this.token(subscription)}/`;
  }

  token({ tenantId, memberId, kind }: Subscription): string {
    const said = Buffer.from(JSON.stringify([tenantId, memberId, kind])).toString('base64url');
    return `${said}.${this.signature(said).toString('base64url')}`;
  }

  /** Null for a token that this installation has not made. */
  read(token: string): Subscription | null {
    const [said = '', signature = ''] = token.slice(0, 1_000).split('.');
    const given = Buffer.from(signature, 'base64url');
    const own = this.signature(said);
    if (given.length !== own.length || !timingSafeEqual(given, own)) return null;
    const [tenantId, memberId, kind] = JSON.parse(Buffer.from(said, 'base64url').toString()) as [
      string,
      string,
      string | null,
    ];
    return isId(tenantId) && isId(memberId) ? { tenantId, memberId, kind } : null;
  }

  private signature(said: string): Buffer {
    return this.box.hmac(said);
  }
}
