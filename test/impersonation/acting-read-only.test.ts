import type { HTMLElement } from 'node-html-parser';
import { discoverRoutes, type Route } from '../isolation/routes.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';

const LOOKING = { reason: 'Ticket 4711: the list is empty', minutes: '30', mode: 'look' };
const CHANGING = { ...LOOKING, mode: 'change' };

let atrium: TestApp;
let root: Person;
let anna: Person;
let project: string;
beforeAll(async () => {
  atrium = await startApp();
  root = await atrium.people.staff('root@atrium.example', true);
  anna = await atrium.people.adminOf('Acme', 'anna@acme.example');
  await atrium.people.memberOf('Acme', 'bert@acme.example');
  await atrium.people.adminOf('Acme', 'cleo@acme.example');
  const gone = await atrium.people.memberOf('Acme', 'dirk@acme.example');
  await atrium.sql('UPDATE user_profile SET is_active = false WHERE id = $1', [gone.profileId]);
  await anna.browser.fill('/settings/users/', { email: 'nele@acme.example', role: 'member' });
  for (const name of ['Cellar', 'Roof']) await anna.browser.fill('/projects/new/', { name });
  project = await projectNamed('Cellar');
  await anna.browser.visit(`/projects/${await projectNamed('Roof')}/`);
  await anna.browser.submit(`/projects/${await projectNamed('Roof')}/delete/`);
});
beforeEach(async () => {
  await atrium.sql('DELETE FROM session WHERE acting_session_id IS NOT NULL');
  root = await atrium.people.signedIn('root@atrium.example');
});
afterAll(() => atrium.stop());

async function projectNamed(name: string): Promise<string> {
  const [row] = await atrium.sql<{ id: string }>('SELECT id FROM project WHERE name = $1', [name]);
  return row!.id;
}

const act = (form: Record<string, string>, person = anna) =>
  root.browser.fill(`/admin/users/${person.userId}/act/`, form);

/** Every page that staff who act as this person may open. */
async function pages(): Promise<{ path: string; seen: Sight }[]> {
  const paths = discoverRoutes(atrium.app)
    .filter(({ method, access, isOutOfReach }) => {
      return method === 'GET' && !isOutOfReach && access !== 'staff' && access !== 'probe';
    })
    .map(({ path }) => path.replace(':id', project).replace(':token', 'x'.repeat(43)))
    .filter((path) => !/^\/(api|dev)\//.test(path));
  const found: { path: string; seen: Sight }[] = [];
  for (const path of [...paths, '/projects/?status=deleted', '/settings/users/?status=inactive']) {
    const seen = await root.browser.visit(path);
    if (seen.response.type === 'text/html') found.push({ path, seen });
  }
  return found;
}

const submits = (form: HTMLElement) =>
  form.querySelectorAll('button').filter((each) => each.getAttribute('type') === 'submit');

const writing = (seen: Sight) =>
  seen.document.querySelectorAll('form').filter((form) => form.getAttribute('method') === 'post');

function routeOf(routes: Route[], action: string): Route | undefined {
  const parts = action.split('?')[0]!.split('/').filter(Boolean);
  return routes.find(({ method, path }) => {
    const names = path.split('/').filter(Boolean);
    return (
      method === 'POST' &&
      names.length === parts.length &&
      names.every((name, at) => name.startsWith(':') || name === parts[at])
    );
  });
}

/** What a screen reader says after the name of an element. */
const description = (seen: Sight, element: HTMLElement) =>
  seen.document.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent ?? '';

describe('Staff who only look', () => {
  test('find no button that would be refused, on no page, and what still works is on', async () => {
    await act(LOOKING);
    const routes = discoverRoutes(atrium.app);
    const wrong: string[] = [];
    let off = 0;
    for (const { path, seen } of await pages()) {
      for (const form of writing(seen)) {
        const action = form.getAttribute('action')!;
        const isOpen = routeOf(routes, action)?.isEvenReadOnly ?? false;
        for (const button of submits(form)) {
          if (button.hasAttribute('disabled') === isOpen)
            wrong.push(`${path}: ${button.outerHTML}`);
          if (isOpen) continue;
          off += 1;
          if (!description(seen, button).includes('read only'))
            wrong.push(`${path}: no reason: ${button.outerHTML}`);
        }
      }
      for (const form of seen.document.querySelectorAll('form[method="get"] [disabled]')) {
        wrong.push(`${path}: ${form.outerHTML}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(off).toBeGreaterThan(10);
  }, 60_000);

  test('find no way to a form: neither to a page nor to a dialog of one', async () => {
    await act(LOOKING);
    const wrong: string[] = [];
    for (const { path, seen } of await pages()) {
      for (const link of seen.document.querySelectorAll('a[href]')) {
        const to = link.getAttribute('href')!;
        const isDialog = link.hasAttribute('data-dialog-open');
        const dialog = isDialog ? seen.document.getElementById(to.slice(1)) : null;
        const isRefused = dialog?.querySelector('form button[disabled]');
        if (to.endsWith('/new/') || isRefused) wrong.push(`${path}: ${link.outerHTML}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  test('read “New project” and why it is off', async () => {
    await act(LOOKING);
    const seen = await root.browser.visit('/projects/');
    const link = seen.document
      .querySelectorAll('main header a')
      .find((each) => each.textContent === 'New project')!;
    expect(link.attributes).toMatchObject({ role: 'link', 'aria-disabled': 'true' });
    expect(link.hasAttribute('href')).toBe(false);
    expect(description(seen, link)).toMatch(/^Root is acting as Anna until .* – read only\.$/);
  });

  test('and who may change things finds all of it on', async () => {
    await act(CHANGING);
    for (const { path, seen } of await pages()) {
      const off = seen.document.querySelectorAll('[disabled], [aria-disabled]');
      expect([path, off.map((each) => each.outerHTML)]).toEqual([path, []]);
    }
    const list = await root.browser.visit('/projects/');
    expect(list.document.querySelector('main a[href="/projects/new/"]')).not.toBeNull();
  }, 60_000);

  test('who send a form all the same read what they typed on the page that refuses it', async () => {
    await act(CHANGING);
    root.browser.with('Sec-Fetch-Site', 'same-origin');
    await root.browser.visit('/projects/new/');
    await atrium.sql(
      'UPDATE session SET acting_may_write = false WHERE acting_session_id IS NOT NULL',
    );
    const typed = { name: 'Slate <roof>', description: 'One\nTwo' };
    const refused = await root.browser.submit('/projects/new/', typed);
    expect([refused.status, refused.at('h1')]).toEqual([403, 'Not on somebody’s behalf']);
    expect(refused.text).toContain('Nothing was saved');
    const kept = refused.document.querySelectorAll('main dd').map((each) => each.textContent);
    // Nor more than that: no version, no way back.
    expect(kept).toEqual([typed.name, 'planned', typed.description]);
    const labels = refused.document.querySelectorAll('main dt').map((each) => each.textContent);
    expect(labels).toEqual(['Name', 'Status', 'Description']);
  });

  test('also of a form that takes a picture', async () => {
    await act(CHANGING);
    root.browser.with('Sec-Fetch-Site', 'same-origin');
    await root.browser.visit('/profile/');
    await atrium.sql(
      'UPDATE session SET acting_may_write = false WHERE acting_session_id IS NOT NULL',
    );
    const picture = { field: 'avatar', name: 'me.png', bytes: Buffer.from('x'), type: 'image/png' };
    const refused = await root.browser.upload('/profile/', picture, { display_name: 'Anna B.' });
    expect([refused.status, refused.at('h1')]).toEqual([403, 'Not on somebody’s behalf']);
    expect(refused.at('main dl')).toContain('Anna B.');
    const [row] = await atrium.sql('SELECT display_name FROM user_profile WHERE id = $1', [
      anna.profileId,
    ]);
    expect(row).toEqual({ display_name: 'Anna' });
  });

  test('are shown nothing that another site sent', async () => {
    await act(LOOKING);
    root.browser.with('Sec-Fetch-Site', 'cross-site');
    const refused = await root.browser.post('/projects/new/', { name: 'Slate' });
    expect(refused.status).toBe(403);
    expect(refused.response.text).not.toContain('Slate');
  });
});

describe('The banner speaks the language of whoever acts', () => {
  const languageOf = (person: Person, code: string | null) =>
    atrium.sql(
      `UPDATE user_profile SET language_id = (SELECT id FROM language WHERE code = $2)
       WHERE id = $1`,
      [person.profileId, code],
    );
  afterEach(() => Promise.all([root, anna].map((person) => languageOf(person, null))));

  test('Dutch staff on the French page of a customer, and says that it is Dutch', async () => {
    await languageOf(root, 'nl');
    await languageOf(anna, 'fr');
    await act(LOOKING);
    const seen = await root.browser.visit('/dashboard/');
    expect(seen.document.querySelector('html')!.getAttribute('lang')).toBe('fr-BE');
    const banner = seen.document.querySelector('section.acting')!;
    expect(banner.getAttribute('lang')).toBe('nl-BE');
    expect(banner.getAttribute('aria-label')).toBe('Handelen namens iemand');
    expect(seen.at('section.acting p')).toMatch(
      /^Root handelt namens Anna tot .* – alleen lezen\.$/,
    );
    expect(seen.at('section.acting button')).toBe('Stoppen');
    expect(seen.at('main')).toContain('Anna');
  });

  test('where both are the same nothing is marked', async () => {
    await languageOf(root, 'nl');
    await languageOf(anna, 'nl');
    await act(LOOKING);
    const seen = await root.browser.visit('/dashboard/');
    const banner = seen.document.querySelector('section.acting')!;
    expect(banner.hasAttribute('lang')).toBe(false);
    expect(banner.textContent).toContain('alleen lezen');
  });
});
