import type { Samples } from '../support/samples.js';

export const samples: Samples = {
  parameters: {
    '/projects/:id': { row: 'project' },
    '/api/v1/projects/:id': { row: 'project' },
  },
  typed: {
    '/projects': { status: 'active', due_date: '2027-01-01' },
    '/api/v1/projects': { status: 'active', due_date: '2027-01-01' },
  },
  pages: {
    admin: [
      '/projects/',
      '/projects/?q=nothing+is+called+this',
      '/projects/new/',
      '/projects/:project/',
    ],
    staff: ['/admin/flags/projects/'],
    acting: ['/projects/', '/projects/:project/'],
  },
  things: async ({ atrium, people, longWord }) => {
    for (const name of ['Harbour house', longWord]) {
      await people.admin.browser.fill('/projects/new/', { name });
    }
    const [row] = await atrium.sql<{ id: string }>('SELECT id FROM project WHERE name = $1', [
      longWord,
    ]);
    return { project: row!.id };
  },
  apiJourneys: {
    'projects are answered as documented': async ({ client, ask, withoutFlag }) => {
      const made = await ask(client, 'createProject', { name: 'Bridge', due_date: '2027-01-31' });
      const at = { id: made.body.id as string };
      expect(made.get('location')).toBe(`/api/v1/projects/${at.id}`);
      await ask(client, 'listProjects', undefined, { query: '?q=bri&sort=due&limit=1' });
      await ask(client, 'listProjects', undefined, { query: '?sort=size' });
      await ask(client, 'listProjects', undefined, { query: '?cursor=x' });
      await ask(client, 'getProject', undefined, at);
      await ask(client, 'updateProject', { status: 'done' }, at);
      expect((await ask(client, 'deleteProject', undefined, at)).status).toBe(204);
      expect((await ask(client, 'getProject', undefined, at)).status).toBe(404);
      expect((await ask(client, 'restoreProject', undefined, at)).body).toMatchObject({
        status: 'done',
      });
      for (const id of ['updateProject', 'deleteProject', 'restoreProject']) {
        expect((await ask(client, id, { name: 'x' })).status).toBe(404);
      }
      await withoutFlag('projects', async () => {
        expect((await ask(client, 'getMe')).body.features).toMatchObject({ projects: false });
        expect((await ask(client, 'listProjects')).status).toBe(404);
        expect((await ask(client, 'createProject', { name: 'One' })).status).toBe(404);
      });
    },
  },
  withoutScript: {
    'a project is added, found, changed, deleted and brought back': async ({
      page,
      open,
      send,
      expectText,
    }) => {
      await open(page, '/projects/new/');
      const project = { name: 'Bicycle bridge', description: 'Over the Dyle', status: 'active' };
      await send(page, '/projects/new/', { ...project, due_date: '2027-03-01' });
      await open(page, '/projects/');
      await send(page, '/projects/ ?', { q: 'bicycle', status: 'active', sort: 'newest' });
      await page.click('main a:has-text("Bicycle bridge")');
      await send(page, '/projects/:id/', { name: 'Bicycle bridge, Leuven', status: 'done' });
      await expectText(page, 'The project has been saved');
      await page.click('a[href="#delete"]');
      await send(page, '/projects/:id/delete/');
      await expectText(page, '“Bicycle bridge, Leuven” has been deleted');
      await send(page, '/projects/:id/restore/');
      await expectText(page, '“Bicycle bridge, Leuven” has been restored');
      await page.click('a[href="#delete"]');
      await send(page, '/projects/:id/delete/');
      await send(page, '/projects/ ?', { status: 'deleted' });
      await send(page, '/projects/:id/restore/', {}, 'tbody');
      await expectText(page, 'has been restored');
    },
  },
  apiThings: {
    '/projects/{id}': async (client) =>
      (await client.post('/projects', { name: 'Bridge' })).body.id,
  },
};
