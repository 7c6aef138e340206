import { Body, Controller, Get, Post } from '@nestjs/common';
import type { Principal } from '../../core/context/principal.js';
import { Access, DenyImpersonation } from '../../core/http/access/access.js';
import { CurrentUser } from '../../core/http/access/current-user.js';
import { NotSensitive } from '../../core/http/access/step-up.js';
import { Form, formOf, submit } from '../../core/http/forms/form.js';
import {
  page,
  seeOther,
  success,
  type Answer,
  type Page,
} from '../../core/http/pipeline/answers.js';
import { choicesOf, NotificationPreferencesForm } from './notification-preferences.forms.js';
import { NotificationPreferences } from './notification-preferences.service.js';

const PATH = '/profile/notifications/';

/** Section "Notifications" of the profile. */
@Controller('profile/notifications')
@Access('self')
@NotSensitive()
@DenyImpersonation()
export class NotificationPreferencesPageController {
  constructor(private readonly preferences: NotificationPreferences) {}

  @Get()
  show(@CurrentUser() me: Principal): Promise<Page> {
    return this.page(me, Form.blank());
  }

  @Post()
  save(
    @CurrentUser() me: Principal,
    @Body(formOf(NotificationPreferencesForm)) form: Form<NotificationPreferencesForm>,
  ): Promise<Answer> {
    return submit(
      form,
      (refused) => this.page(me, refused),
      async (input) => {
        await this.preferences.choose(me, choicesOf(input));
        return seeOther(PATH, success('notifications.flash.saved'));
      },
    );
  }

  private async page(me: Principal, form: Form<object>): Promise<Page> {
    const preferences = await this.preferences.of(me);
    const model = {
      form,
      preferences: preferences.map((preference) => ({
        ...preference,
        options: preference.channels.map((channel) => ({
          channel,
          isChosen: channel === preference.channel,
        })),
      })),
    };
    return page('notifications/preferences', model, { section: 'profile' });
  }
}
