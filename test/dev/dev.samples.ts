import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: { '/dev/mail/:id': { row: 'kept_mail' } },
  open: { '/dev/mail': 'the mails of a developer: these routes do not exist in production' },
  pages: { anyone: ['/dev/mail/', '/dev/mail/:mail/', '/dev/components/'] },
};
