import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiTags } from '@nestjs/swagger';
import { AppConfig } from '../core/config/config.js';
import type { Principal } from '../core/context/principal.js';
import { Access } from '../core/http/access/access.js';
import { CurrentUser } from '../core/http/access/current-user.js';
import { NotSensitive } from '../core/http/access/step-up.js';
import { PageQuery, readQuery, type Query as QueryString } from '../core/http/api/paging.js';
import { idParam } from '../core/http/pipeline/id-param.js';
import { jsonBody } from '../core/http/pipeline/json-body.js';
import { BODY, ONBOARDED, Operation } from '../core/http/pipeline/operation.js';
import { Translator } from '../core/i18n/translator.js';
import { Inbox } from './inbox.service.js';
import { NotificationDto, NotificationListDto, notificationDto } from './notification.dto.js';
import { NotificationPatch } from './notification.forms.js';
import { presentNotification } from './notification.presenter.js';
import { LATEST, type NotificationRow } from './notifications.repository.js';

/** One's own notifications: for people, not for API keys. */
@ApiTags('Notifications')
@Controller('api/v1/notifications')
@Access('self')
@NotSensitive()
export class NotificationsApiController {
  constructor(
    private readonly inbox: Inbox,
    private readonly texts: Translator,
    private readonly config: AppConfig,
  ) {}

  @Get()
  @PageQuery()
  @ApiQuery({ name: 'show', required: false, enum: ['unread'], description: 'Only unread ones' })
  @Operation({
    id: 'listNotifications',
    summary: 'List one’s notifications, latest first',
    answers: [200, NotificationListDto],
    refusals: [422, ...ONBOARDED],
    isTagged: true,
  })
  async list(
    @CurrentUser() me: Principal,
    @Query() query: QueryString,
  ): Promise<NotificationListDto> {
    const asked = readQuery(query, (read) => ({
      onlyUnread: read.choice('show', ['unread']) !== null,
      cursor: read.cursor(LATEST),
      limit: read.limit(),
    }));
    const { items, next } = await this.inbox.listed(me, asked);
    return { items: items.map((row) => this.present(row)), next_cursor: next };
  }

  @Post('read')
  @Operation({
    id: 'readNotifications',
    summary: 'Mark all notifications as read',
    answers: [204],
    refusals: ONBOARDED,
  })
  @HttpCode(204)
  async readAll(@CurrentUser() me: Principal): Promise<void> {
    await this.inbox.markAllRead(me);
  }

  @Patch(':id')
  @ApiBody({ type: NotificationPatch })
  @Operation({
    id: 'updateNotification',
    summary: 'Mark a notification as read or unread',
    answers: [200, NotificationDto],
    refusals: [...BODY, ...ONBOARDED, 404],
  })
  async mark(
    @CurrentUser() me: Principal,
    @Param('id') id: string,
    @Body(jsonBody(NotificationPatch)) body: NotificationPatch,
  ): Promise<NotificationDto> {
    return this.present(await this.inbox.mark(me, idParam(id), body.is_read));
  }

  private present(row: NotificationRow): NotificationDto {
    return notificationDto(presentNotification(row, this.texts), this.config.appUrl);
  }
}
