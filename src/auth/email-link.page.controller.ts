import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { currentScope } from '../core/context/request-context.js';
import { DomainError } from '../core/errors/domain-error.js';
import { Access, GateExempt, NotOnBehalf } from '../core/http/access.js';
import { page, seeOther, success, type Answer, type Redirect } from '../core/http/answers.js';
import { Me } from '../core/http/me.js';
import { RateLimit } from '../core/http/rate-limit.guard.js';
import { safePath } from '../core/http/safe-path.js';
import { EmailLinksService } from '../users/email-links.service.js';

/** Links that prove somebody reads an address. Opening one is all it takes. */
@Controller('email')
@Access('public')
export class EmailLinkPageController {
  constructor(private readonly links: EmailLinksService) {}

  /** A step of onboarding where the configuration asks for verified addresses. */
  @Get('verify')
  @Access('signed_in')
  @GateExempt()
  waiting(@Me() me: Principal, @Query('next') next: unknown): Answer {
    const onwards = safePath(next, '/dashboard/');
    if (me.emailVerified) return seeOther(onwards);
    return page('auth/verify-email', { email: me.email, onwards });
  }

  @Get('verify/:token')
  @NotOnBehalf()
  verify(@Param('token') token: string): Promise<Answer> {
    return opened('verify-email', async () => {
      await this.links.verify(token);
      return seeOther(home(), success('auth.flash.email_verified'));
    });
  }

  @Get('change/:token')
  @NotOnBehalf()
  change(@Param('token') token: string): Promise<Answer> {
    return opened('email-change', async () => {
      const email = await this.links.confirmChange(token);
      return seeOther(home(), success('auth.flash.email_changed', { email }));
    });
  }

  @Post('verify/resend')
  @Access('signed_in')
  @GateExempt()
  @NotOnBehalf()
  @RateLimit('send_link')
  async resend(@Me() me: Principal, @Body() body?: { next?: unknown }): Promise<Redirect> {
    if (!me.emailVerified) await this.links.sendVerification(me.userId, me.email);
    const sent = success('auth.flash.verification_sent', { email: me.email });
    return seeOther(safePath(body?.next, '/profile/'), sent);
  }
}

function home(): string {
  return currentScope().principal ? '/profile/' : '/login/';
}

async function opened(purpose: string, open: () => Promise<Redirect>): Promise<Answer> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind !== 'gone') throw error;
    return page('auth/link-invalid', { purpose }, { status: 400 });
  }
}
