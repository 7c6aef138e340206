import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../core/context/principal.js';
import { Access, DenyImpersonation } from '../core/http/access/access.js';
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
import { SessionCookie } from '../core/http/security/session-cookie.js';
import { Upload, UploadedImage } from '../core/http/uploads/upload.js';
import { EmailLinksService } from '../users/links/email-links.service.js';
import { PasswordService } from '../users/passwords/password.service.js';
import { ProfilesService } from './profiles.service.js';
import { ChangeEmailForm, ChangePasswordForm, ProfileForm } from './profile.forms.js';
import { ProfilePage } from './profile-page.js';

@Controller('profile')
@Access('self')
export class ProfilePageController {
  constructor(
    private readonly page: ProfilePage,
    private readonly profiles: ProfilesService,
    private readonly passwords: PasswordService,
    private readonly links: EmailLinksService,
    private readonly cookie: SessionCookie,
  ) {}

  @Get()
  show(@CurrentUser() me: Principal): Promise<Page> {
    return this.page.show(me);
  }

  /** GET on the URL of a refused form shows the profile page, for reloads. */
  @Get(['password', 'email', 'deactivate'])
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
      (refused) => this.page.show(me, { form: refused }),
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

  @Post('password')
  @DenyImpersonation()
  @RateLimit('reauthenticate')
  changePassword(
    @CurrentUser() me: Principal,
    @Body(formOf(ChangePasswordForm)) form: Form<ChangePasswordForm>,
    @Res({ passthrough: true }) res: Response,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.page.show(me, { passwordForm: refused }),
      async ({ current_password, new_password }) => {
        const token = await this.passwords.change(me, current_password, new_password);
        if (token) this.cookie.renew(res, token);
        return seeOther('/profile/', success('profile.flash.password_changed'));
      },
    );
  }

  @Post('email')
  @DenyImpersonation()
  @RateLimit('reauthenticate')
  changeEmail(
    @CurrentUser() me: Principal,
    @Body(formOf(ChangeEmailForm)) form: Form<ChangeEmailForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.page.show(me, { emailForm: refused }),
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
