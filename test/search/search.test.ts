import pg from 'pg';
import type { Permission } from '../../src/core/features/names.js';
import { listed, searchKinds } from '../../src/core/features/registry.js';
import { Translator } from '../../src/core/i18n/translator.js';
import { discoverRoutes } from '../isolation/routes.js';
import { withoutFlag } from '../support/flags.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Browser, Sight } from '../support/browser.js';
import { PASSWORD, type Person } from '../support/people.js';

/** Names that there are not where the module is left out. */
const PROJECTS: Readonly<Record<'flag' | 'read', string>> = {
  flag: 'projects',
  read: 'projects:read',
};

let atrium: TestApp;
let anna: Person;
let bert: Person;
let gus: Person;

beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  bert = await atrium.people.memberOf('Acme', 'bert@acme.test');
  gus = await atrium.people.adminOf('Globex', 'gus@globex.test');
  await named(anna, 'Anna Verhaegen');
  await named(bert, 'Bért Élodie');
  await named(gus, 'Gus Verhaegen');
  for (const name of ['Déménagement de l’atelier', 'Bridge over the Dyle']) {
    await anna.browser.fill('/projects/new/', { name, status: 'planned' });
  }
  await gus.browser.fill('/projects/new/', { name: 'Bridge of Globex', status: 'planned' });
});
afterAll(() => atrium.stop());

function named({ profileId }: Person, name: string) {
  const text = 'UPDATE user_profile SET display_name = $2 WHERE id = $1';
  return atrium.sql(text, [profileId, name]);
}

const search = (browser: Browser, q: string, path = '/search/') =>
  browser.visit(`${path}?${new URLSearchParams({ q }).toString()}`);

/** Links that were found, as `title → path`. */
const foundOn = ({ document }: Sight) =>
  document
    .querySelectorAll('.found')
    .map((link) => [
      link.querySelector('.found-title')!.textContent,
      link.getAttribute('href')!.replace(/[0-9a-f-]{36}/, ':id'),
    ]);

const found = async ({ browser }: Person, q: string) => foundOn(await search(browser, q));
const titles = async (person: Person, q: string) =>
  (await found(person, q)).map(([title]) => title);

describe('what is found', () => {
  test('pages, actions, members and projects, by the beginnings of their words', async () => {
    expect(await found(anna, 'proj')).toEqual([
      ['Projects', '/projects/'],
      ['Add a project', '/projects/new/'],
    ]);
    expect(await found(anna, 'dyle')).toEqual([['Bridge over the Dyle', '/projects/:id/']]);
    expect(await found(anna, 'verhaegen ann')).toEqual([
      ['Anna Verhaegen', '/settings/users/?q=anna%40acme.test'],
    ]);
    expect(await found(anna, 'colleague invite')).toEqual([
      ['Invite a colleague', '/settings/users/'],
    ]);
    expect(await found(anna, 'settings gen')).toEqual([['General', '/settings/general/']]);
  });

  test('in the person’s language, whatever the accents and capitals', async () => {
    await atrium.sql(
      `UPDATE user_profile SET language_id = (SELECT id FROM language WHERE code = 'fr') WHERE id = $1`,
      [anna.profileId],
    );
    expect(await found(anna, 'PARAMETRES GENE')).toEqual([['Général', '/settings/general/']]);
    expect(await found(anna, 'parame')).toContainEqual(['Paramètres', '/settings/']);
    expect(await found(anna, 'demenag')).toEqual([['Déménagement de l’atelier', '/projects/:id/']]);
    expect(await titles(anna, 'elodie')).toEqual(['Bért Élodie']);
    expect(await titles(anna, 'settings')).toEqual([]);
    await atrium.sql('UPDATE user_profile SET language_id = NULL WHERE id = $1', [anna.profileId]);
  });

  test('before anything is typed: the pages of the navigation and all actions', async () => {
    const first = await titles(anna, '');
    expect(first).toEqual(expect.arrayContaining(['Dashboard', 'Projects', 'Settings']));
    expect(first).toEqual(expect.arrayContaining(['Add a project', 'Invite a colleague']));
  });

  test('nothing: it says so, and what may be searched', async () => {
    const { text } = await search(anna.browser, 'no such thing');
    expect(text).toContain('Nothing found for “no such thing”');
    expect(text).toMatch(/pages and actions.*Members, Projects/);
    expect((await search(bert.browser, 'no such thing')).text).not.toContain('Members');
  });

  test('five of a kind, and the way to the list of all of them', async () => {
    for (const n of [1, 2, 3, 4, 5, 6]) {
      await gus.browser.fill('/projects/new/', { name: `Quay ${n} & more`, status: 'planned' });
    }
    const rows = await found(gus, 'quay & "');
    expect(rows).toEqual([]);
    const quays = await found(gus, '& more');
    expect(quays).toHaveLength(6);
    expect(quays.at(-1)).toEqual(['See all in Projects', '/projects/?q=%26+more']);
    expect((await gus.browser.visit(quays.at(-1)![1]!)).text).toContain('Quay 6 & more');
    const page = await search(gus.browser, '& more');
    expect(page.text).toContain('5 results for “& more”');
    expect(page.title).toMatch(/^& more – Search/);
  });

  test('the palette is given the same, as options of a list that have the ids it points to', async () => {
    const page = await search(anna.browser, 'a');
    const list = await search(anna.browser, 'a', '/search/results/');
    expect(foundOn(list)).toEqual(foundOn(page));
    const options = list.document.querySelectorAll('[role=listbox] [role=group] [role=option]');
    expect(options).toHaveLength(foundOn(page).length);
    const ids = options.map((option) => option.getAttribute('id'));
    expect(new Set(ids).size).toBe(ids.length);
    for (const group of list.document.querySelectorAll('[role=group]')) {
      const label = group.getAttribute('aria-labelledby')!;
      expect(list.document.getElementById(label)?.textContent).not.toBe('');
    }
    expect(list.document.querySelector('html')).toBeNull();
  });
});

describe('only what one may see', () => {
  test('nobody finds anything of another organisation, and each finds their own', async () => {
    expect(await titles(gus, 'bridge')).toEqual(['Bridge of Globex']);
    expect(await titles(anna, 'bridge')).toEqual(['Bridge over the Dyle']);
    expect(await titles(bert, 'bridge')).toEqual(['Bridge over the Dyle']);
    expect(await titles(gus, 'verhaegen')).toEqual(['Gus Verhaegen']);
    for (const q of ['anna', 'acme', 'atelier', 'demenagement']) {
      expect([q, await titles(gus, q)]).toEqual([q, []]);
    }
  });

  test('a member finds neither members nor a page of an admin', async () => {
    expect(await titles(bert, 'anna')).toEqual([]);
    for (const q of ['settings', 'general', 'webhooks', 'invite', 'users', 'staff admin']) {
      expect([q, await titles(bert, q)]).toEqual([q, []]);
    }
    // The page of API keys is for admins, the documentation for everybody.
    expect(await titles(bert, 'api')).toEqual(['API documentation']);
    expect(await titles(bert, 'profile')).toEqual(expect.arrayContaining(['Profile', 'Security']));
  });

  test('whatever is found opens, and what is offered elsewhere and opens is found', async () => {
    const staff = await atrium.people.staff('nora@atrium.test');
    await atrium.sql(
      `UPDATE user_profile SET profile_completed_at = now(), tenant_joined_at = now(), role = 'member', tenant_id = $1
       WHERE id = $2`,
      [gus.tenantId, staff.profileId],
    );
    for (const person of [anna, bert, staff]) expect(await wrongFor(person)).toEqual([]);
    expect(await titles(staff, 'staff admin')).toEqual(['Staff admin']);
  });

  test('so it is for staff on somebody’s behalf, who are offered no form while they only look', async () => {
    const root = await atrium.people.staff('root@atrium.test', true);
    const look = { reason: 'Ticket 4711: nothing is found', minutes: '30', mode: 'look' };
    await root.browser.fill(`/admin/users/${anna.userId}/act/`, look);
    expect(await wrongFor(root)).toEqual([]);
    expect(await titles(root, 'proj')).toEqual(['Projects']);
    expect(await titles(root, 'webhooks')).toEqual([]);
    expect(await titles(root, 'staff admin')).toEqual([]);
    expect(await titles(root, 'bridge')).toEqual(['Bridge over the Dyle']);
  });

  test('where a flag is off, neither rows nor page nor action are found', async () => {
    await withoutFlag(atrium, PROJECTS.flag, async () => {
      expect(await titles(anna, 'proj')).toEqual([]);
      expect(await titles(anna, 'bridge')).toEqual([]);
      const client = await atrium.api().login(anna.email, PASSWORD);
      expect((await client.get('/search?q=bridge')).body).toEqual({ kinds: [] });
    });
  });

  test('nobody searches before onboarding is complete, or without signing in', async () => {
    const newcomer = await atrium.people.newcomer('new@acme.test');
    expect((await search(newcomer.browser, 'a')).location).toMatch(/^\/profile\/complete\//);
    expect((await newcomer.browser.visit('/profile/complete/')).text).not.toContain('Search');
    expect((await search(atrium.browser(), 'a')).location).toMatch(/^\/login\/\?next=/);
    const client = await atrium.api().login('new@acme.test', PASSWORD);
    expect((await client.get('/search?q=a')).body).toMatchObject({ next_step: 'profile' });
  });
});

/** What is found and does not open, and what is declared, opens, and is not found. */
async function wrongFor({ browser }: Person): Promise<string[]> {
  const texts = atrium.app.get(Translator);
  const pages = [...listed('settingsTabs'), ...listed('profileSections')];
  const others = [...listed('nav'), ...listed('dashboardActions')];
  const wrong: string[] = [];
  for (const { href, text } of [...pages, ...others]) {
    const links = foundOn(await search(browser, texts.t(text, {}, 'en')));
    const isFound = links.some(([, path]) => path === href);
    const { status } = await browser.visit(href);
    const opens = [200, 303].includes(status);
    if (isFound && !opens) wrong.push(`${href} is found, and answers ${status}`);
    // A link of the navigation may be for others only, though its page opens.
    const isTab = pages.some((tab) => tab.href === href);
    if (isTab && opens && !isFound) wrong.push(`${href} opens, and is not found`);
  }
  return wrong;
}

describe('what it takes', () => {
  const original = pg.Client.prototype.query;
  afterEach(() => void (pg.Client.prototype.query = original));

  /** What frames a statement travels in the same round trip. */
  const FRAME = /^\s*(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|select set_config)/i;

  async function statementsOf(visit: () => Promise<unknown>): Promise<string[]> {
    await visit();
    const sent: string[] = [];
    pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
      const [first] = args;
      const text = typeof first === 'string' ? first : (first as { text?: string } | null)?.text;
      if (text && !FRAME.test(text)) sent.push(text.replace(/\s+/g, ' ').trim());
      return Reflect.apply(original, this, args) as never;
    };
    await visit();
    pg.Client.prototype.query = original;
    return sent;
  }

  test('one statement for each kind, besides who it is and how often they ask', async () => {
    const around = 2;
    for (const path of ['/search/', '/search/results/']) {
      const all = await statementsOf(() => search(anna.browser, 'bridge', path));
      expect(all).toHaveLength(around + searchKinds().length);
      expect(all.filter((text) => text.includes('FROM project p'))).toHaveLength(1);
      expect(all.filter((text) => text.includes('member_word'))).toHaveLength(1);
      const few = await statementsOf(() => search(bert.browser, 'bridge', path));
      expect(few.filter((text) => text.includes('member_word'))).toEqual([]);
      expect(await statementsOf(() => anna.browser.visit(path))).toHaveLength(around);
    }
  });

  test('what cannot be searched is answered: never an error, never somebody else’s', async () => {
    const client = await atrium.api().login(gus.email, PASSWORD);
    for (const q of HOSTILE) {
      for (const path of ['/search/', '/search/results/']) {
        const page = await search(gus.browser, q, path);
        expect([q, [200, 422]]).toEqual([q, expect.arrayContaining([page.status])]);
        expect(page.response.text).not.toMatch(/<img src=x|Acme|Déménagement/);
      }
      const asked = new URLSearchParams({ q }).toString();
      const { status } = await client.get(`/search?${asked}`);
      expect([q, [200, 422]]).toEqual([q, expect.arrayContaining([status])]);
    }
    expect((await gus.browser.visit('/search/?q=%00')).status).toBe(200);
    expect((await gus.browser.visit('/search/?q=%FF%FE')).status).toBeLessThan(500);
    expect((await gus.browser.visit('/search/?q=a&q=bridge')).text).toContain('Bridge of Globex');
    expect((await gus.browser.visit('/search/?q[a]=1')).status).toBe(200);
  });

  test('more than 100 characters are refused at the field, by page, list and API', async () => {
    const q = 'x'.repeat(10_000);
    const page = await search(anna.browser, q);
    expect([page.status, page.errorOf('q')]).toEqual([422, 'Use at most 100 characters.']);
    const list = await search(anna.browser, q, '/search/results/');
    expect([list.status, list.text]).toEqual([422, 'Use at most 100 characters.']);
    expect((await search(anna.browser, 'x'.repeat(100))).status).toBe(200);
    const client = await atrium.api().login(anna.email, PASSWORD);
    const refused = await client.get(`/search?q=${q}`);
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toContain('Use at most 100 characters.');
    expect((await client.get('/search')).status).toBe(422);
    expect((await client.get('/search?q=%20')).status).toBe(422);
  });

  const HOSTILE = [
    '%',
    '_',
    '%%%_\\',
    "' OR 1=1 --",
    '"; DROP TABLE project; --',
    'a\0b',
    '\0',
    '\u202Eegdirb',
    'عربي עברית',
    '👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿',
    '\ud800',
    '~',
    '@',
    '....',
    '({[<*+?|^$',
    '<img src=x onerror=alert(1)>',
    '{{constructor}}',
    '__proto__',
    'é'.repeat(100),
    '\u0301'.repeat(100),
    'a '.repeat(50),
    '\r\nSet-Cookie: a=b',
  ];
});

describe('the API', () => {
  const kinds = async (key: string, q: string) => {
    const { body } = await atrium.api().showing(key).get(`/search?q=${q}`);
    return (body as { kinds: Array<{ kind: string }> }).kinds.map(({ kind }) => kind);
  };

  test('a key finds the kinds that its scopes may read, and none without the scope to search', async () => {
    await named(anna, 'Anna Bridges');
    const { people } = atrium;
    const all = await people.keyOf('Acme', [
      'search:read',
      PROJECTS.read as Permission,
      'members:read',
    ]);
    expect(await kinds(all, 'bridge')).toEqual(['members', 'projects']);
    const one = await people.keyOf('Acme', ['search:read', PROJECTS.read as Permission]);
    expect(await kinds(one, 'bridge')).toEqual(['projects']);
    expect(await kinds(await people.keyOf('Acme', ['search:read']), 'bridge')).toEqual([]);
    const none = atrium.api().showing(await people.keyOf('Acme', ['members:read']));
    expect((await none.get('/search?q=bridge')).status).toBe(403);
    expect(
      await kinds(await people.keyOf('Globex', ['search:read', 'members:read']), 'anna'),
    ).toEqual([]);
  });

  test('a person finds with what leads to it, and a member no members', async () => {
    const client = await atrium.api().login(anna.email, PASSWORD);
    const { body } = await client.get('/search?q=anna');
    expect(body).toEqual({
      kinds: [
        {
          kind: 'members',
          has_more: false,
          items: [
            {
              id: anna.profileId,
              title: 'Anna Bridges',
              detail: anna.email,
              url: 'http://atrium.test/settings/users/?q=anna%40acme.test',
            },
          ],
        },
      ],
    });
    const member = await atrium.api().login(bert.email, PASSWORD);
    expect((await member.get('/search?q=anna')).body).toEqual({ kinds: [] });
  });

  test('the document names the kinds and what each needs', async () => {
    const { body } = await atrium.api().get('/api/openapi.json');
    const { get } = (body as { paths: Record<string, { get: { description: string } }> }).paths[
      '/api/v1/search'
    ]!;
    const routes = discoverRoutes(atrium.app).filter(({ method }) => method === 'GET');
    expect(searchKinds().length).toBeGreaterThan(0);
    for (const [name, { href }] of searchKinds()) {
      const { permission } = routes.find(({ path }) => path === href)!;
      expect(get.description).toContain(`\`${name}\` (\`${permission}\`)`);
    }
  });
});
