import { Controller, Get, Param, Post } from '@nestjs/common';
import { DomainError } from '../../core/errors/domain-error.js';
import { Access, DenyImpersonation } from '../../core/http/access/access.js';
import {
  page,
  seeOther,
  success,
  type Answer,
  type Page,
} from '../../core/http/pipeline/answers.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { AccountRecoveryService } from './account-recovery.service.js';

/** Pages of the link "This was not me". Opening it changes nothing. */
@Controller('email/not-me')
@Access('public')
@DenyImpersonation()
export class NotMePageController {
  constructor(private readonly recovery: AccountRecoveryService) {}

  @Get(':token')
  async show(@Param('token') token: string): Promise<Page> {
    const email = await this.recovery.noticeOf(token);
    if (!email) return invalidLink();
    return page('users/not-me', { email, action: `/email/not-me/${token}/` });
  }

  @Post(':token')
  @RateLimit('reset_confirm')
  async disown(@Param('token') token: string): Promise<Answer> {
    try {
      const { email, isMailed } = await this.recovery.disown(token);
      if (isMailed) {
        return seeOther('/password-reset/done/', success('users.flash.secured', { email }));
      }
      const args = { email };
      return seeOther('/login/', { kind: 'warning', key: 'users.flash.address_lost', args });
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'gone') throw error;
      return invalidLink();
    }
  }
}

function invalidLink(): Page {
  return page('users/link-invalid', { purpose: 'not_me' }, { status: 400 });
}
