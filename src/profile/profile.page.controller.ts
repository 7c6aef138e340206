import { Body, Controller, Get, Post } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { Access, DenyImpersonation } from '../core/http/access/access.js';
import { NotSensitive, StepUp } from '../core/http/access/step-up.js';
import {
  seeOther,
  success,
  type Answer,
  type Page,
  type Redirect,
} from '../core/http/pipeline/answers.js';
import { formOf, submit, type Form } from '../core/http/forms/form.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { RateLimit } from '../core/http/security/rate-limit.guard.js';
import { Upload, UploadedImage } from '../core/http/uploads/upload.js';
import { EmailLinksService } from '../users/links/email-links.service.js';
import { ProfilesService } from './profiles.service.js';
import { ChangeEmailForm, ProfileForm } from './profile.forms.js';
import { ProfilePage } from './profile-page.js';

/** Section "Personal" of the profile: details, language and address. */
@Controller('profile')
@Access('self')
@NotSensitive()
export class ProfilePageController {
  constructor(
    private readonly page: ProfilePage,
    private readonly profiles: ProfilesService,
    private readonly links: EmailLinksService,
  ) {}

  @Get()
  show(@CurrentUser() me: Principal): Promise<Page> {
    return this.page.personal(me);
  }

  /** GET on the URL of a refused form shows its page, for reloads. */
  @Get('email')
  @DenyImpersonation()
  back(): Answer {
    return seeOther('/profile/');
  }

  @Post()
  @Upload('avatar')
  save(
    @CurrentUser() me: Principal,
    @Body(formOf(ProfileForm)) form: Form<ProfileForm>,
    @UploadedImage() avatar: Buffer | null,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.page.personal(me, { form: refused }),
      async ({ display_name, marketing_emails, remove_avatar, version, ...rest }) => {
        const preferences = {
          ...rest,
          displayName: display_name,
          marketingEmails: marketing_emails,
          removeAvatar: remove_avatar,
          avatar,
        };
        await this.profiles.update(me, preferences, version === undefined ? undefined : [version]);
        return seeOther('/profile/', success('profile.flash.saved'));
      },
    );
  }

  @Post('email')
  @StepUp({ asksPassword: true })
  @DenyImpersonation()
  @RateLimit('reauthenticate')
  changeEmail(
    @CurrentUser() me: Principal,
    @Body(formOf(ChangeEmailForm)) form: Form<ChangeEmailForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.page.personal(me, { emailForm: refused }),
      async ({ email, password }) => {
        await this.links.requestChange(me, email, password);
        return seeOther('/profile/', success('profile.flash.email_link_sent', { email }));
      },
    );
  }

  @Post('email/resend')
  @DenyImpersonation()
  @RateLimit('send_link')
  async resendEmailLink(@CurrentUser() me: Principal): Promise<Redirect> {
    const email = await this.links.resendChange(me);
    if (!email) {
      return seeOther('/profile/', { kind: 'warning', key: 'profile.flash.email_change_over' });
    }
    return seeOther('/profile/', success('profile.flash.email_link_sent', { email }));
  }

  @Post('email/cancel')
  @DenyImpersonation()
  async cancelEmailChange(@CurrentUser() me: Principal): Promise<Redirect> {
    await this.links.cancelChange(me);
    return seeOther('/profile/', success('profile.flash.email_change_cancelled'));
  }
}
