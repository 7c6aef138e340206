import type { Person } from '../support/people.js';
import type { Samples } from '../support/samples.js';

/** Every field of a project as its form sends it, and the text that names a project. */
export const typed = (name: string): Record<string, string> => ({
  name,
  description: 'Over the Dyle',
  status: 'active',
  due_date: '2027-03-01',
  owner_id: '',
});

/** The same as a client of the API sends it. */
export const sent = (name: string) => ({
  name,
  description: 'Over the Dyle',
  status: 'active',
  due_date: '2027-03-01',
  owner_id: null,
});

/** What the form refuses, by field. */
export const refused: Record<string, string> = {
  name: ' ',
  description: 'x'.repeat(2001),
  status: 'abandoned',
  due_date: '2027-02-30',
  owner_id: '00000000-0000-4000-8000-000000000000',
};

/** The field that names a project. */
export const title = 'name';

/** Adds a project through its form, and returns its id. */
export async function added(admin: Person, name: string): Promise<string> {
  const { location } = await admin.browser.fill('/projects/new/', typed(name));
  return location!.split('/')[2]!;
}

export const samples: Samples = {
  hasOwnTerms: true,
  parameters: {
    '/projects/:id': { row: 'project' },
    '/projects/import/:id': { row: 'row_import' },
    '/api/v1/projects/:id': { row: 'project' },
  },
  typed: {
    '/projects': typed('Taken over'),
    '/api/v1/projects': sent('Taken over'),
  },
  pages: {
    admin: [
      '/projects/',
      '/projects/?q=nothing+is+called+this',
      '/projects/new/',
      '/projects/import/',
      '/projects/:project/',
      '/projects/:project/edit/',
    ],
    staff: ['/admin/flags/projects/'],
    acting: ['/projects/', '/projects/:project/'],
  },
  noPages: { '/projects/export.csv/': 'a file' },
  things: async ({ people, longWord }) => {
    await added(people.admin, 'Harbour house');
    return { project: await added(people.admin, longWord) };
  },
  apiJourneys: {
    'projects are answered as documented': async ({ client, ask, withoutFlag }) => {
      const made = await ask(client, 'createProject', sent('Bridge'));
      const at = { id: made.body.id as string };
      expect(made.get('location')).toBe(`/api/v1/projects/${at.id}`);
      await ask(client, 'listProjects', undefined, { query: '?q=bri&sort=newest&limit=1' });
      await ask(client, 'listProjects', undefined, { query: '?sort=size' });
      await ask(client, 'listProjects', undefined, { query: '?cursor=x' });
      await ask(client, 'getProject', undefined, at);
      await ask(client, 'updateProject', { [title]: 'Quay' }, at);
      expect((await ask(client, 'deleteProject', undefined, at)).status).toBe(204);
      expect((await ask(client, 'getProject', undefined, at)).status).toBe(404);
      expect((await ask(client, 'restoreProject', undefined, at)).body).toMatchObject({
        [title]: 'Quay',
      });
      for (const id of ['updateProject', 'deleteProject', 'restoreProject']) {
        expect((await ask(client, id, { [title]: 'x' })).status).toBe(404);
      }
      await withoutFlag('projects', async () => {
        expect((await ask(client, 'getMe')).body.features).toMatchObject({ projects: false });
        expect((await ask(client, 'listProjects')).status).toBe(404);
        expect((await ask(client, 'createProject', sent('One'))).status).toBe(404);
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
      await send(page, '/projects/new/', typed('Bicycle bridge'));
      await open(page, '/projects/');
      await send(page, '/projects/ ?', { q: 'bicycle', sort: 'newest' });
      await page.click('main a:has-text("Bicycle bridge")');
      await page.click('main a[href$="/edit/"]');
      await send(page, '/projects/:id/edit/', { [title]: 'Bicycle bridge, Leuven' });
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
    'projects are added from a file, and the import is taken back': async ({
      page,
      open,
      send,
      expectText,
    }) => {
      const rows = [Object.keys(typed('')), Object.values(typed('Footbridge'))];
      const cells = (row: string[]) => row.map((cell) => JSON.stringify(cell)).join(',');
      const buffer = Buffer.from(rows.map(cells).join('\n'));
      await open(page, '/projects/import/');
      const file = { name: 'list.csv', mimeType: 'text/csv', buffer };
      await send(page, '/projects/import/', { file });
      await expectText(page, '1 row is ready to be added');
      await send(page, '/projects/import/confirm/');
      await expectText(page, '1 row has been added');
      await send(page, '/projects/import/:id/undo/');
      await expectText(page, '1 row has been deleted');
    },
  },
  apiThings: {
    '/projects/{id}': async (client) =>
      (await client.post('/projects', sent(crypto.randomUUID()))).body.id,
  },
  idFields: { owner_id: 'user_profile' },
};
