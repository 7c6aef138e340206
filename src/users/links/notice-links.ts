import { Injectable } from '@nestjs/common';
import { Mailer } from '../../core/mail/mailer.js';
import { newToken } from '../access-tokens/tokens.js';
import { UserTokensRepository } from './user-tokens.repository.js';
import type { Credentials } from '../users.repository.js';

/** Long enough for a week away from one's mail. */
const NOTICE_HOURS = 7 * 24;

/** What a notice about an account offers to whoever did not cause what it tells. */
export interface NoticeLink {
  url: string;
  /** Whether the link takes back what happened; else it leads to a new password. */
  isNotMe: boolean;
}

/**
 * "This was not me": a link in every notice about an account. Only an address that is proven gets one:
 * it outlives a change of address, and must not hand the account to whoever reads a mistyped one.
 */
@Injectable()
export class NoticeLinks {
  constructor(
    private readonly tokens: UserTokensRepository,
    private readonly mailer: Mailer,
  ) {}

  /** In a unit of work as the role identity. */
  async issue({ id, email, emailVerified }: Credentials): Promise<NoticeLink> {
    if (!emailVerified) return { url: this.mailer.link('/password-reset/'), isNotMe: false };
    const { token, hash } = newToken();
    await this.tokens.add(id, 'not_me', { hash, email, hours: NOTICE_HOURS });
    return { url: this.mailer.link(`/email/not-me/${token}/`), isNotMe: true };
  }
}
