import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: {
    '/comments/:id': { row: 'comment' },
    '/comments/on/:kind': { text: 'project', why: 'the name of a table' },
    '/comments/on/:kind/:id': { row: 'project' },
    '/api/v1/comments/:id': { row: 'comment' },
  },
  idFields: { record_id: 'project' },
  typed: {
    '/comments': { text: 'Taken over' },
    '/api/v1/comments': { text: 'Taken over', record_type: 'project' },
  },
  rows: {
    comment: (marker, idOf) => ({
      subject: 'project',
      subject_id: idOf('project'),
      text: marker,
      key_name: null,
    }),
  },
  pages: {
    admin: ['/comments/on/project/:commented/', '/comments/:comment/edit/'],
    acting: ['/comments/on/project/:commented/'],
  },
  noPages: { '/comments/:id/': 'leads to the page that it is on' },
  things: async ({ atrium, people, longWord }) => {
    const { location } = await people.admin.browser.fill('/projects/new/', { name: 'Lighthouse' });
    const commented = location!.split('/')[2]!;
    await people.admin.browser.visit(location!);
    for (const text of ['The keys come on Monday.\nWho fetches them?', longWord]) {
      await people.admin.browser.submit(`/comments/on/project/${commented}/`, { text });
      await people.admin.browser.visit(location!);
    }
    const [comment] = await atrium.sql<{ id: string }>(
      'SELECT id FROM comment WHERE subject_id = $1',
      [commented],
    );
    return { commented, comment: comment!.id };
  },
  apiJourneys: {
    'comments are answered as documented': async ({ client, ask }) => {
      const project = (await client.post('/projects', { name: 'Lighthouse' })).body.id as string;
      const about = { record_type: 'project', record_id: project };
      const made = await ask(client, 'createComment', { ...about, text: 'The keys are here.' });
      const at = { id: made.body.id as string };
      expect(made.get('location')).toBe(`/api/v1/comments/${at.id}`);
      const of = `?record_type=project&record_id=${project}`;
      await ask(client, 'listComments', undefined, { query: `${of}&sort=newest&limit=1` });
      expect((await ask(client, 'listComments', undefined, { query: '?sort=no' })).status).toBe(
        422,
      );
      const unknown = `?record_type=project&record_id=${at.id}`;
      expect((await ask(client, 'listComments', undefined, { query: unknown })).status).toBe(404);
      await ask(client, 'getComment', undefined, at);
      await ask(client, 'updateComment', { text: 'The keys are with Ann.' }, at);
      expect((await ask(client, 'deleteComment', undefined, at)).status).toBe(204);
      expect((await ask(client, 'getComment', undefined, at)).status).toBe(404);
      expect((await ask(client, 'restoreComment', undefined, at)).body).toMatchObject({
        text: 'The keys are with Ann.',
      });
      for (const id of ['updateComment', 'deleteComment', 'restoreComment']) {
        expect((await ask(client, id, { text: 'x' })).status).toBe(404);
      }
      expect((await ask(client, 'createComment', { ...about, text: ' ' })).status).toBe(422);
      const nothing = { record_type: 'project', record_id: at.id, text: 'Hello' };
      expect((await ask(client, 'createComment', nothing)).status).toBe(404);
    },
  },
  withoutScript: {
    'a comment is written, changed, deleted and brought back': async ({
      page,
      open,
      send,
      expectText,
    }) => {
      await open(page, '/projects/new/');
      await send(page, '/projects/new/', { name: 'Lighthouse' });
      await send(page, '/comments/on/project/:id/', { text: 'The keys come on Monday.' });
      await expectText(page, 'Your comment has been added');
      await page.click('main a[href^="/comments/"][href$="/edit/"]');
      await send(page, '/comments/:id/edit/', { text: 'The keys come on Tuesday.' });
      await expectText(page, 'The keys come on Tuesday.');
      await send(page, '/comments/:id/delete/');
      await expectText(page, 'The comment has been deleted');
      await send(page, '/comments/:id/restore/');
      await expectText(page, 'The comment has been restored');
    },
  },
  apiQueries: {
    '/comments': async (client) => {
      const { body } = await client.post('/projects', { name: crypto.randomUUID() });
      return `?record_type=project&record_id=${body.id}`;
    },
  },
  apiThings: {
    '/comments/{id}': async (client) => {
      const { body } = await client.post('/projects', { name: crypto.randomUUID() });
      const about = { record_type: 'project', record_id: body.id };
      return (await client.post('/comments', { ...about, text: 'One' })).body.id;
    },
  },
};
