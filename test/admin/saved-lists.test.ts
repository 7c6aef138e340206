import { startApp, type TestApp } from '../support/app.js';
import type { Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let root: Person;
let viewer: Person;
beforeAll(async () => {
  atrium = await startApp();
  root = await atrium.people.staff('root@atrium.test', true);
  // A superuser remains.
  await atrium.people.staff('other@atrium.test', true);
  viewer = await atrium.people.staff('viewer@atrium.test');
});
afterAll(() => atrium.stop());

const SAVE = '/admin/users/saved/';

/** Fills in a form of a page, and goes where it leads. */
async function send(
  person: Person,
  path: string,
  action: string,
  values: Record<string, string> = {},
): Promise<Sight> {
  await person.browser.visit(path);
  return person.browser.follow(await person.browser.submit(action, values));
}

function saved(sight: Sight): Array<[string, string]> {
  return sight.document
    .querySelectorAll('nav[aria-label="Saved filters"] li a')
    .map((a): [string, string] => [a.textContent.trim(), a.getAttribute('href')!])
    .filter(([, href]) => href.includes('?'));
}

test('a filter is saved under a name, for oneself, and stands above the list', async () => {
  const list = '/admin/users/?q=atrium&staff=staff&sort=-email';
  const after = await send(viewer, list, SAVE, { name: 'Our people' });
  expect(after.text).toContain('The filter “Our people” is saved.');
  const shown = await viewer.browser.visit('/admin/users/');
  expect(saved(shown)).toEqual([['Our people', '/admin/users/?q=atrium&staff=staff&sort=-email']]);
  const chosen = await viewer.browser.visit(saved(shown)[0]![1]);
  expect(chosen.document.querySelector('[aria-current="page"][href*="?"]')!.textContent).toBe(
    'Our people',
  );
  expect(saved(await root.browser.visit('/admin/users/'))).toEqual([]);
  expect(saved(await viewer.browser.visit('/admin/profiles/'))).toEqual([]);
});

test('a shared filter is there for all staff, with who shares it, as long as they are staff', async () => {
  await send(root, '/admin/users/?state=inactive', SAVE, { name: 'Off', is_shared: '1' });
  const shown = await viewer.browser.visit('/admin/users/');
  expect(saved(shown).map(([text]) => text)).toEqual(['Our people', 'Off (root@atrium.test)']);
  await atrium.sql('UPDATE users SET is_staff = false, is_superuser = false WHERE id = $1', [
    root.userId,
  ]);
  expect(saved(await viewer.browser.visit('/admin/users/'))).toHaveLength(1);
  await atrium.sql('UPDATE users SET is_staff = true, is_superuser = true WHERE id = $1', [
    root.userId,
  ]);
});

test('a name is there once for each person and list, in any case', async () => {
  const again = await viewer.browser.post(SAVE, { name: 'OUR PEOPLE', query: 'q=other' });
  expect(again.status).toBe(422);
  expect(again.text).toContain('You have a filter of this list with that name already.');
  expect(again.value('name')).toBe('OUR PEOPLE');
  expect((await root.browser.post(SAVE, { name: 'Our people', query: 'q=other' })).status).toBe(
    303,
  );
});

test('one’s own filters are renamed and deleted; those of others are not found', async () => {
  const [own] = await atrium.sql<{ id: string }>(
    'SELECT id FROM saved_list WHERE user_id = $1 AND name = $2',
    [viewer.userId, 'Our people'],
  );
  const address = `${SAVE}${own!.id}/`;
  expect((await root.browser.visit(address)).status).toBe(404);
  expect((await root.browser.post(address, { name: 'Mine' })).status).toBe(404);
  expect((await root.browser.post(`${address}delete/`, {})).status).toBe(404);
  await send(viewer, address, address, { name: 'Colleagues' });
  expect(saved(await viewer.browser.visit('/admin/users/'))[0]![0]).toBe('Colleagues');
  const empty = await viewer.browser.post(address, { name: ' ' });
  expect(empty.status).toBe(422);
  await send(viewer, SAVE, `${address}delete/`);
  expect((await viewer.browser.visit(SAVE)).text).not.toContain('Colleagues');
});

test('only what the list knows is saved, and no place in it', async () => {
  await viewer.browser.post(SAVE, {
    name: 'Odd',
    query: 'state=inactive&nonsense=1&page=abc&sort=unknown',
  });
  const [odd] = await atrium.sql<{ query: string }>(
    'SELECT query FROM saved_list WHERE name = $1',
    ['Odd'],
  );
  expect(odd!.query).toBe('state=inactive');
});

test('a person saves at most 30 filters of a list, also of many that are saved at once', async () => {
  await atrium.sql(
    `INSERT INTO saved_list (user_id, list, name, query, is_shared)
     SELECT $1, 'profiles', 'f' || n, 'q=' || n, false FROM generate_series(1, 28) n`,
    [viewer.userId],
  );
  const saved = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      viewer.browser.post('/admin/profiles/saved/', { name: `At once ${n}`, query: `q=a${n}` }),
    ),
  );
  expect(saved.map(({ status }) => status).sort()).toEqual([303, 303, 422, 422, 422, 422]);
  const refused = saved.find(({ status }) => status === 422)!;
  expect(refused.text).toContain('30');
});
