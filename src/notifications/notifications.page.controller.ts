import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { Principal } from '../core/context/principal.js';
import { PAGE_SIZE } from '../core/database/keyset.js';
import { Access, DenyImpersonation } from '../core/http/access/access.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import {
  page,
  seeOther,
  success,
  type Answer,
  type Redirect,
} from '../core/http/pipeline/answers.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { formOf, type Form } from '../core/http/forms/form.js';
import { NextForm } from '../core/http/forms/next-form.js';
import { safePath } from '../core/http/security/safe-path.js';
import { Translator } from '../core/i18n/translator.js';
import { Inbox } from './inbox.service.js';
import { presentNotification } from './notification.presenter.js';
import { NotificationsFilter } from './notification.forms.js';

const LIST = '/notifications/';

/** One's own notifications, latest first. Staff who act on behalf see them and change nothing. */
@Controller('notifications')
@Access('self')
@NotSensitive()
export class NotificationsPageController {
  constructor(
    private readonly inbox: Inbox,
    private readonly texts: Translator,
  ) {}

  @Get()
  async list(
    @CurrentUser() me: Principal,
    @Query(formOf(NotificationsFilter)) { input }: Form<NotificationsFilter>,
  ): Promise<Answer> {
    const onlyUnread = input.show === 'unread';
    const cursor = input.page ?? null;
    const found = await this.inbox.listed(me, { onlyUnread, cursor, limit: PAGE_SIZE });
    // The page is empty by now.
    if (cursor && found.items.length === 0) return seeOther(listPath(onlyUnread));
    const model = {
      notifications: found.items.map((row) => presentNotification(row, this.texts)),
      onlyUnread,
      page: {
        previousUrl: found.previous && listPath(onlyUnread, found.previous),
        nextUrl: found.next && listPath(onlyUnread, found.next),
      },
    };
    return page('notifications/list', model, { section: 'notifications' });
  }

  @Post('read')
  @DenyImpersonation()
  async readAll(@CurrentUser() me: Principal): Promise<Redirect> {
    await this.inbox.markAllRead(me);
    return seeOther(LIST, success('notifications.flash.all_read'));
  }

  @Post(':id/read')
  @DenyImpersonation()
  async read(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body(formOf(NextForm)) { input: { next } }: Form<NextForm>,
  ): Promise<Redirect> {
    await this.inbox.mark(me, idParam(id), true);
    return seeOther(safePath(next, LIST));
  }
}

function listPath(onlyUnread: boolean, cursor?: string): string {
  const said = { show: onlyUnread ? 'unread' : null, page: cursor };
  const parameters = Object.entries(said).filter((entry): entry is [string, string] => !!entry[1]);
  const search = new URLSearchParams(parameters).toString();
  return search ? `${LIST}?${search}` : LIST;
}
