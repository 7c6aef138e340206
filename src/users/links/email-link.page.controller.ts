import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { currentContext } from '../../core/context/request-context.js';
import { DomainError } from '../../core/errors/domain-error.js';
import { Access, GateExempt, DenyImpersonation } from '../../core/http/access/access.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import {
  page,
  seeOther,
  success,
  type Answer,
  type Page,
  type Redirect,
} from '../../core/http/pipeline/answers.js';
import { formOf, type Form } from '../../core/http/forms/form.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { NextForm } from '../../core/http/forms/next-form.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { safePath } from '../../core/http/security/safe-path.js';
import { EmailLinksService, type EmailLinkPurpose } from './email-links.service.js';
import { OwnershipService } from './ownership.service.js';
import type { LiveLink } from './user-tokens.repository.js';

/** Pages of verification links. Opening one changes nothing: mail scanners open links too. */
@Controller('email')
@Access('public')
@NotSensitive()
export class EmailLinkPageController {
  constructor(
    private readonly links: EmailLinksService,
    private readonly ownership: OwnershipService,
  ) {}

  /** Onboarding step where REQUIRE_VERIFIED_EMAIL is set. */
  @Get('verify')
  @Access('self')
  @GateExempt()
  waiting(@CurrentUser() me: Principal, @Query('next') next: unknown): Answer {
    const onwards = safePath(next, '/dashboard/');
    if (me.emailVerified) return seeOther(onwards);
    return page('users/verify-email', { email: me.email, onwards });
  }

  // Declared before the link routes: `resend` is not a token.
  @Post('verify/resend')
  @Access('self')
  @GateExempt()
  @DenyImpersonation()
  @RateLimit('send_link')
  async resend(
    @CurrentUser() me: Principal,
    @Body(formOf(NextForm)) { input }: Form<NextForm>,
  ): Promise<Redirect> {
    if (!me.emailVerified) await this.links.sendVerification(me.userId, me.email);
    const sent = success('users.flash.verification_sent', { email: me.email });
    return seeOther(safePath(input.next, '/profile/'), sent);
  }

  @Get('verify/:token')
  @DenyImpersonation()
  showVerify(@Param('token') token: string): Promise<Page> {
    return this.show('email_verification', token);
  }

  @Post('verify/:token')
  @DenyImpersonation()
  @RateLimit('reset_confirm')
  verify(@Param('token') token: string): Promise<Answer> {
    return this.unlessRefused('email_verification', token, async () => {
      await this.links.verify(token, currentContext().principal);
      return seeOther('/profile/', success('users.flash.email_verified'));
    });
  }

  /** "I did not create this account": removes the address from the account. */
  @Post('verify/:token/not-mine')
  @DenyImpersonation()
  @RateLimit('reset_confirm')
  async disclaim(@Param('token') token: string): Promise<Answer> {
    try {
      await this.ownership.disclaim(token);
      return seeOther('/', success('users.flash.disclaimed'));
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'gone') throw error;
      return invalidLink('email_verification');
    }
  }

  @Get('change/:token')
  @DenyImpersonation()
  showChange(@Param('token') token: string): Promise<Page> {
    return this.show('email_change', token);
  }

  @Post('change/:token')
  @DenyImpersonation()
  @RateLimit('reset_confirm')
  change(@Param('token') token: string): Promise<Answer> {
    return this.unlessRefused('email_change', token, async () => {
      const email = await this.links.confirmChange(token, currentContext().principal);
      return seeOther('/profile/', success('users.flash.email_changed', { email }));
    });
  }

  private async show(purpose: EmailLinkPurpose, token: string, status = 200): Promise<Page> {
    const link = await this.links.inspect(purpose, token);
    if (!link) return invalidLink(purpose);
    return page('users/confirm-email', viewOf(purpose, token, link), { status });
  }

  /** An invalid link answers 410; a visitor who may not use it learns what to do first. */
  private async unlessRefused(
    purpose: EmailLinkPurpose,
    token: string,
    act: () => Promise<Redirect>,
  ): Promise<Answer> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.kind === 'gone') return invalidLink(purpose);
      if (error.kind === 'forbidden') return this.show(purpose, token, 409);
      throw error;
    }
  }
}

function invalidLink(purpose: EmailLinkPurpose): Page {
  return page('users/link-invalid', { purpose }, { status: 400 });
}

/** `reader`: what the visitor has to do before using the link. */
function viewOf(purpose: EmailLinkPurpose, token: string, link: LiveLink) {
  const { userId, sentTo, email, isProven } = link;
  const { principal } = currentContext();
  const path = `/email/${purpose === 'email_change' ? 'change' : 'verify'}/${token}/`;
  return {
    purpose,
    reader: !principal ? 'sign_in' : principal.userId === userId ? 'owner' : 'someone_else',
    action: path,
    loginUrl: `/login/?next=${encodeURIComponent(path)}`,
    sentTo,
    email,
    canDisclaim: purpose === 'email_verification' && !isProven && principal?.userId !== userId,
  };
}
