import { Injectable } from '@nestjs/common';
import { Mailer } from '../../core/mail/mailer.js';
import { newToken } from '../access-tokens/tokens.js';
import { UserTokensRepository } from './user-tokens.repository.js';
import type { Credentials } from '../users.repository.js';

/** Lifetime of the link in hours: seven days. */
const NOTICE_HOURS = 7 * 24;

/** The link in a notice about an account. */
export interface NoticeLink {
  url: string;
  /** Whether the link undoes the change; else it leads to a password reset. */
  isNotMe: boolean;
}

/**
 * Creates the links "This was not me" of notices. Only a verified address gets one: it survives a change of
 * address and must not give the account to the reader of a mistyped one.
 */
@Injectable()
export class NoticeLinks {
  constructor(
    private readonly tokens: UserTokensRepository,
    private readonly mailer: Mailer,
  ) {}

  /** Within a unit of work as the identity role. */
  async issue({ id, email, emailVerified }: Credentials): Promise<NoticeLink> {
    if (!emailVerified) return { url: this.mailer.link('/password-reset/'), isNotMe: false };
    const { token, hash } = newToken();
    await this.tokens.add(id, 'not_me', { hash, email, hours: NOTICE_HOURS });
    return { url: this.mailer.link(`/email/not-me/${token}/`), isNotMe: true };
  }
}
