import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  queries: {
    '/search/': 'q',
    '/search/results/': 'q',
    '/api/v1/search/': 'q',
  },
  pages: {
    member: ['/search/', '/search/?q=pro'],
    admin: ['/search/', '/search/?q=ad', '/search/?q=nothing+is+called+this'],
    acting: ['/search/?q=p'],
  },
  noPages: { '/search/results/': 'the list of the palette, a part of a page' },
  apiJourneys: {
    'the search answers as documented': async ({ client, ask }) => {
      const { body: me } = await ask(client, 'getMe');
      const query = `?q=${encodeURIComponent(String(me.email))}`;
      const found = await ask(client, 'search', undefined, { query });
      expect(found.body.kinds).toMatchObject([{ kind: 'members', has_more: false }]);
      expect((await ask(client, 'search', undefined, { query: '?q=no+such+thing' })).body).toEqual({
        kinds: [],
      });
      expect((await ask(client, 'search')).status).toBe(422);
      const tooLong = `?q=${'x'.repeat(101)}`;
      expect((await ask(client, 'search', undefined, { query: tooLong })).status).toBe(422);
    },
  },
  withoutScript: {
    'a project and a page are found': async ({ page, open, send, expectText }) => {
      await open(page, '/dashboard/');
      await page.click('header a[href="/search/"]');
      await send(page, '/search/ ?', { q: 'sett' }, 'main');
      await expectText(page, 'for “sett”');
      await page.click('main a[href="/settings/general/"]');
    },
  },
};
