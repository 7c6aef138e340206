import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  pages: {
    founder: ['/sample-data/'],
    admin: ['/sample-data/'],
  },
  // With one that somebody has changed, which stays.
  things: async ({ people }) => {
    const { browser } = people.admin;
    await browser.press('/sample-data/');
    const list = await browser.visit('/projects/?q=handbook');
    const path = list.document.querySelector('tbody a')?.getAttribute('href');
    if (path) await browser.fill(`${path}edit/`, { description: 'Begun' });
    return {};
  },
  withoutScript: {
    'sample data is removed, and added again': async ({ page, open, send, expectText }) => {
      await open(page, '/sample-data/');
      await send(page, '/sample-data/remove/');
      await expectText(page, 'have been removed');
      await open(page, '/sample-data/');
      await send(page, '/sample-data/');
      await expectText(page, 'have been added');
    },
  },
};
