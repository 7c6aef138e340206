import type { Samples } from '../support/samples.js';

const LINK = 'http://atrium.test/a/path/';

export const samples: Samples = {
  parameters: {
    '/notifications/:id': { row: 'notification' },
    '/notifications/unsubscribe/:token': { text: 'nothing', why: 'a signed token' },
    '/api/v1/notifications/:id': { row: 'notification' },
    '/api/v1/notifications/preferences/:kind': { text: 'member.joined', why: 'the name of a kind' },
  },
  typed: {
    '/profile/notifications': { choices: 'member.joined=app' },
    '/api/v1/notifications': { is_read: true },
    '/api/v1/notifications/preferences': { channel: 'app' },
  },
  rows: {
    notification: (marker) => ({ kind: 'member.joined', data: { name: marker }, read_at: null }),
    notification_preference: () => ({ channels: { 'member.joined': 'mail' } }),
  },
  pages: {
    anyone: ['/notifications/unsubscribe/:unsubscribe/'],
    member: ['/notifications/', '/profile/notifications/'],
    admin: ['/notifications/', '/notifications/?show=unread', '/profile/notifications/'],
    acting: ['/notifications/'],
  },
  noPages: {
    '/notifications/stream/': 'a stream of events',
  },
  things: async ({ atrium, people, longWord }) => {
    const { UnsubscribeLinks } = await import('../../src/notifications/mail/unsubscribe-links.js');
    const { profileId: memberId, tenantId } = people.admin;
    await atrium.sql(
      `INSERT INTO notification (tenant_id, member_id, kind, data)
       SELECT $1, $2, 'member.joined', jsonb_build_object('name', $3::text) FROM generate_series(1, 2)`,
      [tenantId, memberId, longWord],
    );
    const subscription = { tenantId: tenantId!, memberId, kind: 'member.joined' };
    return { unsubscribe: atrium.app.get(UnsubscribeLinks).token(subscription) };
  },
  apiJourneys: {
    'notifications are answered as documented': async ({ client, ask }) => {
      await ask(client, 'listNotifications', undefined, { query: '?show=unread&limit=1' });
      expect(
        (await ask(client, 'listNotifications', undefined, { query: '?show=all' })).status,
      ).toBe(422);
      expect((await ask(client, 'readNotifications')).status).toBe(204);
      expect((await ask(client, 'updateNotification', { is_read: true })).status).toBe(404);
      expect((await ask(client, 'updateNotification', { is_read: 1 })).status).toBe(422);
      await ask(client, 'listNotificationPreferences');
      const at = { id: 'member.joined' };
      const digest = { channel: 'digest' };
      expect((await ask(client, 'updateNotificationPreference', digest, at)).status).toBe(200);
      const wrong = { channel: 'pigeon' };
      expect((await ask(client, 'updateNotificationPreference', wrong, at)).status).toBe(422);
      expect((await ask(client, 'updateNotificationPreference', digest)).status).toBe(404);
    },
  },
  withoutScript: {
    'notifications are chosen and read': async ({ page, open, send, expectText }) => {
      await open(page, '/profile/notifications/');
      await page.selectOption('select[id="member.joined"]', 'member.joined=digest');
      await send(page, '/profile/notifications/');
      await expectText(page, 'Your notification settings have been saved');
      await open(page, '/notifications/');
      await send(page, '/notifications/:id/read/');
      await send(page, '/notifications/read/');
      await expectText(page, 'All notifications are marked as read');
    },
  },
  mails: {
    notification: {
      text: 'Mia has joined your organisation',
      url: LINK,
      settingsUrl: LINK,
      unsubscribeUrl: LINK,
    },
    'notification-digest': {
      count: 3,
      lines: [
        { text: 'Mia has joined your organisation', url: LINK },
        { text: 'Your role has been changed to Admin', url: LINK },
      ],
      more: 1,
      url: LINK,
      settingsUrl: LINK,
      unsubscribeUrl: LINK,
    },
  },
};
