import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { DomainError } from '../../core/errors/domain-error.js';
import { Access, DenyImpersonation } from '../../core/http/access/access.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import { mediaUrl } from '../../core/http/pages/shell-builder.js';
import { page, type Answer, type Page } from '../../core/http/pipeline/answers.js';
import { RateLimit } from '../../core/http/security/rate-limit.guard.js';
import { InvitationLinksService } from './invitation-links.service.js';
import { JoinByLinkForm } from './invitation-links.forms.js';

/** The pages of an invitation link: an address is asked for, and proven by the mail that follows. */
@Controller('invite/link')
@Access('public')
@DenyImpersonation()
export class JoinByLinkPageController {
  constructor(private readonly links: InvitationLinksService) {}

  @Get(':token')
  show(@Param('token') token: string): Promise<Page> {
    return this.page(token, Form.blank());
  }

  /** The answer is the same for every address that the link is for: it tells nothing of accounts. */
  @Post(':token')
  @RateLimit('invitation_link')
  ask(
    @Param('token') token: string,
    @Body(formOf(JoinByLinkForm)) form: Form<JoinByLinkForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.page(token, refused),
      async ({ email }) => {
        try {
          await this.links.ask(token, email);
        } catch (error) {
          if (!(error instanceof DomainError) || !['gone', 'limit_reached'].includes(error.kind))
            throw error;
          if (error.kind === 'gone') return invalidLink();
          throw new DomainError('conflict', 'members.errors.link_full');
        }
        return this.page(token, form, email);
      },
    );
  }

  private async page(
    token: string,
    form: Form<object>,
    sentTo: string | null = null,
  ): Promise<Page> {
    const link = await this.links.opened(token);
    if (!link) return invalidLink();
    return page('members/join', {
      form,
      sentTo,
      action: `/invite/link/${token}/`,
      organization: link.organization,
      logoUrl: mediaUrl(link.logoKey),
      domains: link.domains.join(', '),
    });
  }
}

function invalidLink(): Page {
  return page('users/link-invalid', { purpose: 'invitation' }, { status: 400 });
}
