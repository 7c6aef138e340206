import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: {
    '/admin/tenants/:id/notes/:note': { row: 'staff_note' },
    '/admin/:entity/saved/:saved': { row: 'saved_list' },
  },
  typed: {
    '/admin/tenants/:id/notes': { text: 'Called about the invoice' },
    '/admin/:entity/saved': { name: 'Ours', query: 'state=inactive' },
  },
  rows: { staff_note: (marker) => ({ text: marker }) },
  pages: {
    staff: [
      '/admin/',
      '/admin/search/',
      '/admin/search/?q=acme',
      '/admin/search/?q=nobody+is+called+this',
      '/admin/users/saved/',
      '/admin/users/saved/:savedFilter/',
      '/admin/tenants/:noted/notes/:note/edit/',
      '/admin/tenants/:noted/notes/:note/delete/',
    ],
  },
  noPages: { '/admin/:entity/export.csv/': 'a file' },
  things: async ({ atrium, people, longWord }) => {
    const { browser, userId } = people.staff;
    const noted = people.admin.tenantId!;
    await browser.visit(`/admin/tenants/${noted}/`);
    const text = `Called about the invoice.\nWill call back. ${longWord}`;
    await browser.submit(`/admin/tenants/${noted}/notes/`, { text });
    await browser.post('/admin/users/saved/', { name: 'Our people', query: 'staff=staff' });
    const [note] = await atrium.sql<{ id: string }>(
      'SELECT id FROM staff_note WHERE tenant_id = $1',
      [noted],
    );
    const [saved] = await atrium.sql<{ id: string }>(
      'SELECT id FROM saved_list WHERE user_id = $1',
      [userId],
    );
    return { noted, note: note!.id, savedFilter: saved!.id };
  },
};
