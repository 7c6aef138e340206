import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Inbox } from './inbox.service.js';
import { LiveNotifications } from './live/live-notifications.service.js';
import { NotificationStreamController } from './live/notification-stream.controller.js';
import { NotificationDigestRepository } from './mail/notification-digest.repository.js';
import { NotificationDigest } from './mail/notification-digest.service.js';
import { NotificationMails } from './mail/notification-mails.service.js';
import { UnsubscribeLinks } from './mail/unsubscribe-links.js';
import { UnsubscribePageController } from './mail/unsubscribe.page.controller.js';
import { Unsubscribing } from './mail/unsubscribe.service.js';
import { NotificationRetentionRepository } from './notification-retention.repository.js';
import { NotificationRetention } from './notification-retention.service.js';
import { Notification } from './notification.entity.js';
import { NotificationsApiController } from './notifications.api.controller.js';
import { NotificationsPageController } from './notifications.page.controller.js';
import { NotificationsRepository } from './notifications.repository.js';
import { Notifications } from './notifications.service.js';
import { NotificationPreferencesApiController } from './preferences/notification-preferences.api.controller.js';
import { NotificationPreferencesPageController } from './preferences/notification-preferences.page.controller.js';
import { NotificationPreferencesRepository } from './preferences/notification-preferences.repository.js';
import { NotificationPreferences } from './preferences/notification-preferences.service.js';
import { NotificationPreference } from './preferences/notification-preference.entity.js';

/** Global: every feature tells. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([Notification, NotificationPreference])],
  controllers: [
    // Before the notifications, whose `:id` would match their paths.
    NotificationPreferencesApiController,
    NotificationPreferencesPageController,
    NotificationStreamController,
    NotificationsApiController,
    NotificationsPageController,
    UnsubscribePageController,
  ],
  providers: [
    Inbox,
    LiveNotifications,
    NotificationDigest,
    NotificationDigestRepository,
    NotificationMails,
    NotificationPreferences,
    NotificationPreferencesRepository,
    NotificationRetention,
    NotificationRetentionRepository,
    Notifications,
    NotificationsRepository,
    Unsubscribing,
    UnsubscribeLinks,
  ],
  exports: [Notifications],
})
export class NotificationsModule {}
