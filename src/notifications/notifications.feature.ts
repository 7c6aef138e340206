import { defineFeature } from '../core/features/feature.js';
import { mail } from '../core/features/mail.js';
import { PATIENT } from '../core/jobs/queues.js';
import { NotificationsModule } from './notifications.module.js';

declare module '../core/jobs/queues.js' {
  interface JobData {
    /** Sends the daily digests that are due, hourly. */
    notification_digest: Record<string, never>;
    /** Removes old notifications, daily. */
    notification_retention: Record<string, never>;
  }
}

/** Of mails that can be stopped by their link (RFC 8058). */
interface Subscribed {
  url: string;
  /** Where one chooses what is mailed. */
  settingsUrl: string;
  unsubscribeUrl: string;
}

/** What members are told, in the app and by mail. */
export const notifications = defineFeature({
  name: 'notifications',
  module: NotificationsModule,
  tables: {
    notification: {
      kind: 'tenant',
      grants: {
        // The number of unread ones belongs to the person of a request.
        identity: ['select'],
        // Only of which organisations some wait for a digest.
        notifications: ['select'],
        retention: ['select', 'delete'],
      },
    },
    notification_preference: { kind: 'tenant' },
  },
  mails: {
    notification: mail<Subscribed & { text: string }>(),
    'notification-digest': mail<
      Subscribed & { count: number; lines: Array<{ text: string; url: string }>; more: number }
    >(),
  },
  exportParts: {
    notifications: {
      text: 'notifications.data_part',
      table: 'notification',
      columns: ['id', 'member_id', 'kind', 'data', 'created_at', 'read_at'],
    },
    notification_preferences: {
      text: 'notifications.data_part',
      table: 'notification_preference',
      columns: ['member_id', 'channels', 'digested_on'],
    },
  },
  demo: () => import('./notifications.demo.js'),
  queues: { notification_digest: PATIENT, notification_retention: PATIENT },
  profileSections: [
    {
      name: 'notifications',
      href: '/profile/notifications/',
      text: 'notifications.tab',
      position: 30,
      isHiddenFromImpersonators: true,
    },
  ],
});
