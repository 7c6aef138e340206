import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  pages: {
    founder: ['/dashboard/'],
    member: ['/dashboard/'],
    admin: ['/dashboard/'],
    acting: ['/dashboard/'],
  },
  withoutScript: {
    'the list of first steps is put away and brought back': async ({
      page,
      open,
      send,
      expectText,
    }) => {
      await open(page, '/dashboard/');
      await send(page, '/dashboard/checklist/hide/');
      await expectText(page, 'The list is hidden');
      await send(page, '/dashboard/checklist/undo/');
      await expectText(page, 'The list is back');
    },
  },
};
