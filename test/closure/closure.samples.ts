import type { Samples } from '../support/samples.js';

const TIMES = { organization: 'Acme', day: '2027-01-15', url: 'http://atrium.test/a/path/' };

export const samples: Samples = {
  pages: { admin: ['/settings/closure/'] },
  apiJourneys: {
    'closing is answered as documented': async ({ client, ask }) => {
      expect((await ask(client, 'getClosure')).status).toBe(404);
      expect((await ask(client, 'closeOrganization', { organization: 'Other' })).status).toBe(422);
      const organization = 'closing is answered as documented';
      expect((await ask(client, 'closeOrganization', { organization })).status).toBe(200);
      expect((await ask(client, 'getClosure')).status).toBe(200);
      expect((await ask(client, 'createProject', { name: 'Late' })).status).toBe(403);
      expect((await ask(client, 'reopenOrganization')).status).toBe(204);
    },
  },
  withoutScript: {
    'a wrong name closes nothing, and stays in the form': async ({
      page,
      open,
      send,
      expectText,
    }) => {
      await open(page, '/settings/closure/');
      await send(page, '/settings/closure/', { organization: 'Another' });
      await expectText(page, 'This is not the name of your organisation');
      expect(await page.inputValue('[name=organization]')).toBe('Another');
    },
  },
  mails: {
    'organisation-closing': { ...TIMES, by: 'Anna', days: 30 },
    'organisation-erasure-near': { ...TIMES, count: 7 },
    'organisation-reopened': { organization: 'Acme', by: 'Anna', url: TIMES.url },
  },
};
