import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: { '/settings/security/:id': { row: 'user_profile' } },
  pages: {
    newcomer: ['/profile/second-factor/'],
    member: ['/profile/second-factor/', '/profile/second-factor/authenticator/', '/confirm/'],
    admin: ['/settings/security/'],
  },
  noPages: {
    '/login/second-factor/': 'leads to /login/ unless a sign-in waits',
    '/profile/second-factor/recovery-codes/': 'leads back to /profile/second-factor/',
  },
  withoutScript: {
    'an admin requires a second factor from a day on, reminds people, and makes it optional again':
      async ({ page, open, send, expectText }) => {
        await open(page, '/settings/security/');
        const from = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().slice(0, 10);
        await send(page, '/settings/security/', { policy: 'required', from });
        await expectText(page, 'has been saved');
        expect(await page.inputValue('[name=from]')).toBe(from);
        await send(page, '/settings/security/remind/');
        await page.waitForSelector('main [role=status]');
        await send(page, '/settings/security/', { policy: 'optional', from: '' });
        await expectText(page, 'has been saved');
      },
  },
  mails: {
    'second-factor-added': { url: 'http://atrium.test/a/path/', isNotMe: true, kind: 'totp' },
    'second-factor-removed': { url: 'http://atrium.test/a/path/', isNotMe: true, kind: 'totp' },
    'recovery-code-used': { url: 'http://atrium.test/a/path/', isNotMe: true, left: 9 },
    'second-factor-reminder': {
      url: 'http://atrium.test/a/path/',
      organization: 'Acme',
      from: '2026-12-31',
    },
    'recovery-codes-new': { url: 'http://atrium.test/a/path/', isNotMe: false },
  },
};
