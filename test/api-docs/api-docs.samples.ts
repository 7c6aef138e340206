import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: {
    '/api/docs/resources/:resource': {
      text: 'members',
      why: 'a part of the document about the API',
    },
  },
  pages: {
    anyone: [
      '/api/docs/',
      '/api/docs/authentication/',
      '/api/docs/errors/',
      '/api/docs/idempotency/',
      '/api/docs/pagination/',
      '/api/docs/versions/',
      '/api/docs/rate-limits/',
      '/api/docs/webhooks/',
      '/api/docs/search/',
      '/api/docs/search/?q=member',
      '/api/docs/search/?q=nothing+is+called+this',
      '/api/docs/resources/members/',
      '/api/docs/resources/webhooks/',
    ],
    admin: ['/api/docs/'],
  },
  withoutScript: {
    'an operation is found and read': async ({ page, open, send, expectText }) => {
      await open(page, '/api/docs/');
      await send(page, '/api/docs/search/ ?', { q: 'invite' }, 'main');
      await expectText(page, 'for “invite”');
      await page.click('main a[href="/api/docs/resources/invitations/#createInvitation"]');
      await page.click('#createInvitation summary:has-text("TypeScript")');
      await page.locator('#createInvitation pre:has-text("await fetch")').waitFor();
    },
  },
};
