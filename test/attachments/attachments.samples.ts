import type { ApiClient } from '../support/api.js';
import type { Samples } from '../support/samples.js';

/** A form with one file, as a client of the API sends it. */
export function formWith(name: string, content: string): string {
  const disposition = `form-data; name="file"; filename="${name}"`;
  return `--x\r\nContent-Disposition: ${disposition}\r\n\r\n${content}\r\n--x--\r\n`;
}

const headers = { 'content-type': 'multipart/form-data; boundary=x' };

const ofSomeRow = async (client: ApiClient) => {
  const { body } = await client.post('/projects', { name: crypto.randomUUID() });
  return `?record_type=project&record_id=${body.id}`;
};

export const samples: Samples = {
  parameters: {
    '/attachments/:id': { row: 'attachment' },
    '/attachments/on/:kind': { text: 'project', why: 'the name of a table' },
    '/attachments/on/:kind/:id': { row: 'project' },
    '/api/v1/attachments/:id': { row: 'attachment' },
  },
  rows: {
    attachment: (marker, idOf) => ({
      subject: 'project',
      subject_id: idOf('project'),
      name: marker,
      key_name: null,
    }),
  },
  pages: {
    admin: ['/attachments/on/project/:attached/'],
    acting: ['/attachments/on/project/:attached/'],
  },
  noPages: { '/attachments/:id/': 'a file' },
  things: async ({ people, longWord }) => {
    const { browser } = people.admin;
    const { location } = await browser.fill('/projects/new/', { name: 'Quay wall' });
    const attached = location!.split('/')[2]!;
    for (const name of ['quote.pdf', `${longWord.slice(0, 180)}.txt`]) {
      await browser.visit(location!);
      const file = { field: 'file', name, bytes: Buffer.from('Stone'), type: 'text/plain' };
      await browser.upload(`/attachments/on/project/${attached}/`, file);
    }
    return { attached };
  },
  apiQueries: { '/attachments': ofSomeRow },
  apiThings: {
    '/attachments/{id}': async (client) => {
      const path = `/attachments${await ofSomeRow(client)}`;
      return (await client.upload('POST', path, 'file', Buffer.from('Stone'))).body.id;
    },
  },
  apiJourneys: {
    'files are answered as documented': async ({ atrium, client, ask }) => {
      const query = await ofSomeRow(client);
      const send = (form: string | Buffer, at: object = {}) =>
        ask(client, 'createAttachment', form, { query, headers, ...at });
      const made = await send(formWith('quote.pdf', 'Stone'));
      const at = { id: made.body.id as string };
      expect(made.get('location')).toBe(`/api/v1/attachments/${at.id}`);
      expect((await send(formWith('quote.pdf', ''))).status).toBe(422);
      expect((await send('x', { headers: { 'content-type': 'multipart/form-data' } })).status).toBe(
        400,
      );
      expect((await ask(client, 'createAttachment', {}, { query })).status).toBe(415);
      const large = Buffer.from(formWith('large.bin', 'x'.repeat(65 * 1024 * 1024)));
      expect((await send(large)).status).toBe(413);
      expect((await send(formWith('a.pdf', 'x'), { query: `${query}&field=none` })).status).toBe(
        422,
      );
      // As the field of the row that it is, in place of another one, which is back when that is gone.
      const { declareFiles } = await import('./declared-files.js');
      const undeclare = declareFiles({ plan: 'back-office.fields.name' });
      const plan = { query: `${query}&field=plan` };
      const [first, second] = [
        await send(formWith('draft.pdf', 'x'), plan),
        await send(formWith('final.pdf', 'x'), plan),
      ].map(({ body }) => ({ id: body.id as string, field: body.field as string }));
      undeclare();
      expect([first!.field, second!.field]).toEqual(['plan', 'plan']);
      expect((await ask(client, 'restoreAttachment', undefined, first)).status).toBe(409);
      await ask(client, 'deleteAttachment', undefined, second);
      expect((await ask(client, 'restoreAttachment', undefined, first)).body.field).toBe('plan');
      await ask(client, 'deleteAttachment', undefined, first);
      const nothing = { query: `?record_type=project&record_id=${at.id}` };
      expect((await send(formWith('quote.pdf', 'Stone'), nothing)).status).toBe(404);
      expect((await ask(client, 'listAttachments', undefined, nothing)).status).toBe(404);
      expect((await ask(client, 'listAttachments', undefined, {})).status).toBe(422);
      await ask(client, 'listAttachments', undefined, { query });
      await ask(client, 'getAttachment', undefined, at);
      expect((await ask(client, 'downloadAttachment', undefined, at)).status).toBe(200);
      const { ObjectStorage } = await import('../../src/core/storage/object-storage.js');
      const storage = atrium.app.get(ObjectStorage);
      const lost = await ask(client, 'createAttachment', formWith('lost.pdf', 'Stone'), {
        query,
        headers,
      });
      const [row] = await atrium.sql<{ file_key: string }>(
        'SELECT file_key FROM attachment WHERE id = $1',
        [lost.body.id],
      );
      await storage.remove(row!.file_key);
      const gone = { id: lost.body.id as string };
      expect((await ask(client, 'downloadAttachment', undefined, gone)).status).toBe(410);
      expect((await ask(client, 'deleteAttachment', undefined, at)).status).toBe(204);
      for (const id of ['getAttachment', 'downloadAttachment', 'deleteAttachment']) {
        expect((await ask(client, id, undefined, at)).status).toBe(404);
      }
      for (let count = 1; count < 20; count++) await send(formWith(`${count}.txt`, 'Stone'));
      expect((await ask(client, 'restoreAttachment', undefined, at)).status).toBe(409);
      await ask(client, 'deleteAttachment', undefined, gone);
      expect((await ask(client, 'restoreAttachment', undefined, at)).body.name).toBe('quote.pdf');
      expect((await ask(client, 'restoreAttachment')).status).toBe(404);
    },
  },
  withoutScript: {
    'a file is added, deleted and brought back': async ({ page, open, send, expectText }) => {
      await open(page, '/projects/new/');
      await send(page, '/projects/new/', { name: 'Quay wall' });
      const file = { name: 'quote.pdf', mimeType: 'application/pdf', buffer: Buffer.from('Stone') };
      await send(page, '/attachments/on/project/:id/', { file });
      await expectText(page, '“quote.pdf” has been added');
      await send(page, '/attachments/:id/delete/');
      await expectText(page, '“quote.pdf” has been deleted');
      await send(page, '/attachments/:id/restore/');
      await expectText(page, '“quote.pdf” has been restored');
    },
  },
};
