import { randomBytes } from 'node:crypto';
import { runInContext } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { ImpersonationRepository } from '../../src/impersonation/impersonation.repository.js';
import { discoverRoutes } from '../isolation/routes.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Browser, Sight } from '../support/browser.js';
import { PASSWORD, type Person } from '../support/people.js';
import { identityRole } from '../../src/core/database/privileged/identity.role.js';

const REASON = 'Ticket 4711: the list of members is empty';
const LOOKING = { reason: REASON, minutes: '30', mode: 'look' };
const CHANGING = { ...LOOKING, mode: 'change' };

let atrium: TestApp;
let root: Person;
let anna: Person;
let bert: Person;
beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  bert = await atrium.people.memberOf('Acme', 'bert@acme.test');
});
beforeEach(async () => {
  await atrium.sql('DELETE FROM session WHERE acting_session_id IS NOT NULL');
  root = await superuser('root@atrium.test');
});
afterAll(() => atrium.stop());

/** In a browser of its own, as often as asked for. */
async function superuser(email: string): Promise<Person> {
  const known = await atrium.sql('SELECT 1 FROM users WHERE email = $1', [email]);
  return known.length > 0 ? atrium.people.signedIn(email) : atrium.people.staff(email, true);
}

function actFor(person: Person, form: Record<string, string> = LOOKING, who = root) {
  return who.browser.fill(`/admin/users/${person.userId}/act/`, form);
}

const banner = (sight: Sight) => sight.at('section.acting p');

async function stop(browser: Browser): Promise<Sight> {
  await browser.visit('/dashboard/');
  return browser.submit('/on-behalf/stop/');
}

/** Another browser, with one cookie of this one. */
function thief(token: string | undefined): Browser {
  const browser = atrium.browser();
  browser.agent.jar.setCookie(`atrium_session=${token}; Path=/`, '127.0.0.1', '/');
  return browser;
}

const isOut = async (browser: Browser) =>
  (await browser.visit('/dashboard/')).location === '/login/?next=%2Fdashboard%2F';

const only = async <T>(text: string, values: unknown[] = []) =>
  (await atrium.sql<T>(text, values))[0]!;

describe('a superuser begins', () => {
  test('from the page of a person, sees what that person sees, and is told so on every page', async () => {
    const page = await root.browser.visit(`/admin/users/${anna.userId}/`);
    const link = page.document
      .querySelectorAll('main a')
      .find((a) => a.textContent === 'Act on behalf')!;
    expect(link.getAttribute('href')).toBe(`/admin/users/${anna.userId}/act/`);
    const form = await root.browser.visit(link.getAttribute('href')!);
    expect(form.at('h1')).toBe('Act on behalf of Anna');
    // Read only is the default.
    expect(form.form(`/admin/users/${anna.userId}/act/`)).toMatchObject({
      mode: 'look',
      minutes: '30',
    });

    const begun = await root.browser.submit(`/admin/users/${anna.userId}/act/`, { reason: REASON });
    expect([begun.status, begun.location]).toEqual([303, '/dashboard/']);
    for (const path of ['/dashboard/', '/settings/users/', '/profile/', '/', '/nowhere/']) {
      const seen = await root.browser.visit(path);
      expect([path, banner(seen)]).toEqual([
        path,
        expect.stringMatching(/^Root is acting as Anna until \d\d:\d\d UTC – read only\.$/),
      ]);
      expect(seen.document.querySelector('section.acting [data-dismiss]')).toBeNull();
    }
    expect((await root.browser.visit('/dashboard/')).at('h1')).toContain('Anna');
    // And nobody else is.
    expect(banner(await anna.browser.visit('/dashboard/'))).toBe('');
  });

  test('in the language the page is in, who has chosen none', async () => {
    await actFor(anna, CHANGING);
    for (const [language, words] of [
      ['nl-be', /^Root handelt namens Anna tot .* – wijzigingen zijn echt\.$/],
      ['fr-be', /^Root agit au nom de Anna jusqu’à .* – les modifications sont réelles\.$/],
      ['en', /^Root is acting as Anna until .* – changes are real\.$/],
    ] as const) {
      await root.browser.visit('/dashboard/');
      await root.browser.submit('/i18n/setlang/', { language, next: '/dashboard/' });
      expect(banner(await root.browser.visit('/dashboard/'))).toMatch(words);
    }
  });

  test.each([
    [{ reason: 'too short' }, 'reason', 'Use at least 10 characters.'],
    [{ reason: `${' '.repeat(20)}why` }, 'reason', 'Use at least 10 characters.'],
    [{ reason: 'x'.repeat(501) }, 'reason', 'Use at most 500 characters.'],
    [{ minutes: '61' }, 'minutes', 'Choose one of the options.'],
    [{ minutes: '' }, 'minutes', 'Choose one of the options.'],
    [{ mode: 'everything' }, 'mode', 'Choose one of the options.'],
  ])('not with %j', async (wrong, field, message) => {
    const answer = await actFor(bert, { ...LOOKING, ...wrong });
    expect(answer.status).toBe(422);
    expect(answer.at(`#${field}-error`)).toBe(message);
    expect(answer.value('reason')).toBe({ ...LOOKING, ...wrong }.reason);
    expect(await isOut(root.browser)).toBe(false);
    expect(banner(await root.browser.visit('/admin/'))).toBe('');
  });

  test('in a session of its own, which a token known before does not open', async () => {
    const own = root.browser.cookie('session')!;
    await actFor(anna);
    const acting = root.browser.cookie('session')!;
    expect(acting).not.toBe(own);
    expect(root.browser.cookie('own_session')).toBe(own);
    const row = await only<{ minutes: number; tokens: number }>(
      `SELECT round(extract(epoch FROM expires_at - now()) / 60)::int AS minutes,
         (SELECT count(*)::int FROM session WHERE position($1 IN session::text) > 0) AS tokens
       FROM session WHERE acting_session_id IS NOT NULL`,
      [acting],
    );
    expect(row).toEqual({ minutes: 30, tokens: 0 });
  });

  test('and no session lasts over an hour, whoever writes it', async () => {
    await actFor(anna, { ...LOOKING, minutes: '60' });
    await expect(
      atrium.sql(`UPDATE session SET expires_at = now() + interval '61 minutes'
        WHERE acting_session_id IS NOT NULL`),
    ).rejects.toThrow('ck_session_acting');
  });
});

describe('nobody acts', () => {
  test.each(['staff', 'another superuser', 'themselves'])('on behalf of %s', async (whom) => {
    const person =
      whom === 'themselves'
        ? root
        : whom === 'staff'
          ? await helper()
          : await superuser('second@atrium.test');
    const page = await root.browser.visit(`/admin/users/${person.userId}/`);
    expect(page.text).not.toContain('Act on behalf');
    const form = await root.browser.arrive(`/admin/users/${person.userId}/act/`);
    expect(form.at('[data-notices]')).toContain('Nobody acts on behalf of staff');
    await root.browser.visit('/admin/');
    const forced = await root.browser.post(`/admin/users/${person.userId}/act/`, LOOKING);
    expect(forced.status).toBe(409);
    expect(await actings()).toBe(0);
  });

  test.each(['users', 'user_profile'])('for who is inactive (%s)', async (table) => {
    const gone = await atrium.people.memberOf('Acme', `gone-${table.replace('_', '-')}@acme.test`);
    const column = table === 'users' ? 'id' : 'user_id';
    await atrium.sql(`UPDATE ${table} SET is_active = false WHERE ${column} = $1`, [gone.userId]);
    const forced = await root.browser.post(`/admin/users/${gone.userId}/act/`, LOOKING);
    expect(forced.status).toBe(409);
    expect(await actings()).toBe(0);
  });

  test('when something changes between the question and the answer: it is decided where it is written', async () => {
    const { id } = await only<{ id: string }>(
      'SELECT id FROM session WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1',
      [root.userId],
    );
    const second = await superuser('second@atrium.test');
    const add = (personId: string, ownSessionId = id, staffId = root.userId) =>
      runInContext({}, () =>
        atrium.app.get(UnitOfWork).runAs(identityRole, () =>
          atrium.app.get(ImpersonationRepository).add({
            ...{ personId, ownSessionId, staffId, staffName: 'Root', reason: REASON },
            ...{ mayWrite: false, minutes: 15, userAgent: null, ip: null },
            tokenHash: randomBytes(32),
          }),
        ),
      );
    expect(await add(anna.userId)).toBeInstanceOf(Date);
    // Staff, nobody, from a session of somebody else, and from one that is over.
    expect(await add(second.userId)).toBeNull();
    expect(await add('00000000-0000-0000-0000-000000000000')).toBeNull();
    expect(await add(anna.userId, id, second.userId)).toBeNull();
    await atrium.sql('UPDATE session SET ended_at = now() WHERE id = $1', [id]);
    expect(await add(anna.userId)).toBeNull();
  });

  test('who is no superuser, nor for nobody', async () => {
    const path = `/admin/users/${bert.userId}/act/`;
    const { browser } = await helper();
    expect((await browser.visit(path)).status).toBe(403);
    expect((await browser.post(path, LOOKING)).status).toBe(403);
    for (const who of [anna.browser, atrium.browser()]) {
      expect((await who.visit(path)).status).toBe(404);
      expect((await who.post(path, LOOKING)).status).toBe(404);
    }
    for (const id of ['00000000-0000-0000-0000-000000000000', 'x']) {
      expect((await root.browser.post(`/admin/users/${id}/act/`, LOOKING)).status).toBe(404);
    }
  });

  test('on behalf of somebody while acting on behalf of somebody: there is no back office then', async () => {
    await actFor(anna, CHANGING);
    for (const path of ['/admin/', `/admin/users/${bert.userId}/act/`]) {
      expect((await root.browser.visit(path)).status).toBe(404);
    }
    expect((await root.browser.post(`/admin/users/${bert.userId}/act/`, LOOKING)).status).toBe(404);
  });

  async function helper(): Promise<Person> {
    const [known] = await atrium.sql(`SELECT 1 FROM users WHERE email = 'helper@atrium.test'`);
    return known
      ? atrium.people.signedIn('helper@atrium.test')
      : atrium.people.staff('helper@atrium.test');
  }
});

async function actings(): Promise<number> {
  const row = await only<{ count: number }>(
    'SELECT count(*)::int AS count FROM session WHERE acting_session_id IS NOT NULL',
  );
  return row.count;
}

describe('who only looks', () => {
  test('is refused whatever changes something, by a page that says why and offers the way back', async () => {
    await actFor(anna);
    const before = await everythingOf();
    const refused = await root.browser.post('/projects/new/', { name: 'Roof' });
    expect([refused.status, refused.at('h1')]).toEqual([403, 'Not on somebody’s behalf']);
    expect(refused.text).toContain('only looking: nothing can be changed');
    expect(refused.at('main form button')).toBe('Stop acting');
    expect(refused.at('section.acting button')).toBe('Stop acting');
    const home = await root.browser.submit('/on-behalf/stop/');
    expect(home.location).toBe(`/admin/users/${anna.userId}/`);
    expect(await everythingOf()).toEqual(before);
  });

  test('by any request: every route that is not for reading, but for the exit and what is theirs alone', async () => {
    await actFor(anna);
    const routes = discoverRoutes(atrium.app).filter(
      ({ method, path, access }) =>
        method !== 'GET' && !path.startsWith('/api/') && !['staff', 'anonymous'].includes(access!),
    );
    expect(routes.length).toBeGreaterThan(20);
    const open = new Set(['/on-behalf/stop/', '/logout/', '/theme/set/', '/i18n/setlang/']);
    const before = await everythingOf();
    const wrong: string[] = [];
    for (const { method, path } of routes.filter((route) => !open.has(route.path))) {
      const address = path.replace(':id', anna.userId).replace(':token', 'x'.repeat(43));
      const { status, title } = await root.browser.post(address, { action: 'deactivate' });
      if (status !== 403 || !title.startsWith('Not on somebody'))
        wrong.push(`${method} ${path}: ${status}`);
    }
    expect(wrong).toEqual([]);
    expect(await everythingOf()).toEqual(before);
    expect(routes.filter(({ path }) => open.has(path))).toHaveLength(open.size);
  }, 30_000);

  test('reads whatever the person reads', async () => {
    await anna.browser.fill('/projects/new/', { name: 'Cellar' });
    const project = await only<{ id: string }>(`SELECT id FROM project WHERE name = 'Cellar'`);
    await actFor(anna);
    const before = await everythingOf();
    const wrong: string[] = [];
    const routes = discoverRoutes(atrium.app).filter(
      ({ method, path, access, isOutOfReach }) =>
        method === 'GET' &&
        !path.startsWith('/api/') &&
        !isOutOfReach &&
        ['public', 'self', 'permitted'].includes(access!),
    );
    expect(routes.length).toBeGreaterThan(12);
    for (const { path } of routes.filter((route) => !route.path.startsWith('/dev/'))) {
      const address = path.replace(':id', project.id);
      const [seen, theirs] = [await root.browser.visit(address), await anna.browser.visit(address)];
      if (seen.status !== theirs.status || seen.at('h1') !== theirs.at('h1')) {
        wrong.push(`${path}: ${seen.status} instead of ${theirs.status}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await everythingOf()).toEqual(before);
  }, 30_000);

  test('would be stopped by the database, were a route forgotten', async () => {
    await actFor(anna);
    const { ImpersonationGuard } =
      await import('../../src/core/http/access/impersonation.guard.js');
    const { canActivate } = ImpersonationGuard.prototype;
    ImpersonationGuard.prototype.canActivate = () => true;
    try {
      const before = await everythingOf();
      expect((await root.browser.post('/projects/new/', { name: 'Roof' })).status).toBe(500);
      expect(await everythingOf()).toEqual(before);
    } finally {
      ImpersonationGuard.prototype.canActivate = canActivate;
    }
  });

  test('chooses a theme and a language, which are not the person’s', async () => {
    await actFor(anna);
    const before = await everythingOf();
    const theme = await root.browser.post('/theme/set/', { theme: 'night' });
    expect(theme.status).toBe(200);
    await root.browser.post('/i18n/setlang/', { language: 'fr-be' });
    const page = await root.browser.visit('/dashboard/');
    expect(page.document.querySelector('html')!.attributes).toMatchObject({
      lang: 'fr-BE',
      'data-theme': 'night',
    });
    expect(await everythingOf()).toEqual(before);
    expect(
      (await anna.browser.visit('/dashboard/')).document
        .querySelector('html')!
        .getAttribute('data-theme'),
    ).toBe('system');
  });
});

/** All rows, except what reading itself writes. */
function everythingOf(): Promise<unknown> {
  const tables = [
    'users',
    'user_profile',
    'tenant',
    'project',
    'invitation',
    'api_key',
    'user_token',
    'tenant_export',
    'pgboss.job',
  ];
  const sums = tables.map(
    (name) =>
      `SELECT '${name}' AS name, md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM ${name} t`,
  );
  return atrium.sql(sums.join(' UNION ALL '));
}

/** Routes that are the person's alone or export data. */
const OUT_OF_REACH = [
  /^\/password-reset\//,
  /^\/profile\/(password|email|sessions|export|deactivate)\//,
  /^\/email\/(verify\/(:token|resend)|change|not-me)\//,
  /^\/settings\/(api|billing|data)\//,
  /^\/settings\/activity\.csv\//,
  /^\/invite\/accept\//,
];

describe('what is the person’s alone is out of reach, also for who may change things', () => {
  test('and each of its routes says so', () => {
    const marked = discoverRoutes(atrium.app).map(({ method, path, isOutOfReach: is }) => ({
      route: `${method} ${path}`,
      is,
      should: OUT_OF_REACH.some((area) => area.test(path)),
    }));
    expect(marked.filter(({ is, should }) => is !== should)).toEqual([]);
    for (const area of OUT_OF_REACH) {
      expect(marked.some(({ route }) => area.test(route.split(' ')[1]!))).toBe(true);
    }
    expect(marked.filter(({ is }) => is).length).toBeGreaterThan(20);
  });

  test('and each of them refuses', async () => {
    await actFor(anna, CHANGING);
    const before = await everythingOf();
    const wrong: string[] = [];
    const routes = discoverRoutes(atrium.app).filter(({ path }) =>
      OUT_OF_REACH.some((area) => area.test(path)),
    );
    for (const { method, path } of routes) {
      const address = path.replace(':id', anna.userId).replace(':token', 'x'.repeat(43));
      const answer =
        method === 'GET'
          ? await root.browser.visit(address)
          : await root.browser.post(address, {
              email: 'mine@evil.test',
              password: PASSWORD,
              current_password: PASSWORD,
              new_password: 'wooden boat harbour',
              name: 'key',
              scopes: 'members:read',
              lifetime: '90',
            });
      const isRefused = answer.status === 403 && answer.text.includes('belong to the person alone');
      if (!isRefused) wrong.push(`${method} ${path}: ${answer.status}`);
    }
    expect(wrong).toEqual([]);
    expect(await everythingOf()).toEqual(before);
    expect(await isOut(anna.browser)).toBe(false);
  }, 30_000);

  test('so the pages do not offer it', async () => {
    await actFor(anna, CHANGING);
    const profile = await root.browser.visit('/profile/');
    for (const action of ['password', 'email', 'export', 'deactivate', 'sessions']) {
      expect(profile.response.text).not.toContain(`action="/profile/${action}`);
    }
    const tabs = (await root.browser.visit('/settings/users/')).document
      .querySelectorAll('main nav a')
      .map((a) => a.textContent);
    expect(tabs).toEqual(['Users', 'General', 'Activity']);
  });

  test.each<Record<string, string>>([
    { action: 'invite', email: 'private@staff.test', role: 'admin' },
    { action: 'promote' },
    { action: 'set_role', role: 'admin' },
  ])('and so is making an admin, which would outlast the hour: %j', async (form) => {
    await actFor(anna, CHANGING);
    await root.browser.visit('/settings/users/');
    const profile_id = bert.profileId;
    const answer = await root.browser.post('/settings/users/', { profile_id, ...form });
    expect([answer.status, answer.at('h1')]).toEqual([403, 'Not on somebody’s behalf']);
    expect(answer.text).toContain('the role would outlast your time on their behalf');
    const made = await atrium.sql(
      `SELECT 1 FROM invitation WHERE email = 'private@staff.test'
       UNION ALL SELECT 1 FROM user_profile WHERE id = $1 AND role = 'admin'`,
      [bert.profileId],
    );
    expect(made).toEqual([]);
  });

  test('and no client of the API is signed in by such a session', async () => {
    await actFor(anna, CHANGING);
    const answer = await root.browser.agent.get('/api/v1/me').ok(() => true);
    expect(answer.status).toBe(401);
  });
});

describe('who may change things', () => {
  test('does so as the person, and both are named: in the trail, to the organisation’s admins', async () => {
    await actFor(anna, CHANGING);
    const added = await root.browser.fill('/projects/new/', { name: 'Slate roof' });
    expect(added.status).toBe(303);
    const entry = await only(
      `SELECT actor_id, actor_name, staff_id, staff_name, tenant_id FROM audit_entry 
       WHERE action = 'project.created' AND subject_name = 'Slate roof'`,
    );
    expect(entry).toEqual({
      actor_id: anna.userId,
      actor_name: 'Anna',
      staff_id: root.userId,
      staff_name: 'Root',
      tenant_id: anna.tenantId,
    });
    const activity = await anna.browser.visit('/settings/activity/');
    expect(activity.text).toContain('Root (on behalf of Anna) added the project “Slate roof”');
  });

  test('and so it is in the jobs it causes', async () => {
    await actFor(anna, CHANGING);
    await root.browser.visit('/settings/users/');
    await root.browser.submit('/settings/users/', { email: 'guest@acme.test', role: 'member' });
    const { staff } = await only<{ staff: unknown }>(
      `SELECT data->'scope'->'staff' AS staff FROM pgboss.job WHERE name = 'mail' ORDER BY created_on DESC LIMIT 1`,
    );
    expect(staff).toEqual({ id: root.userId, name: 'Root' });
  });
});

describe('the organisation and the person know', () => {
  test('who began and stopped, for whom, why, for how long and whether to change things', async () => {
    await actFor(anna, { ...LOOKING, minutes: '15' });
    await stop(root.browser);
    const activity = await anna.browser.visit('/settings/activity/?kind=operator');
    expect(activity.text).toContain('Root started acting on behalf of Anna');
    expect(activity.text).toContain('Root stopped acting on behalf of Anna');
    expect(activity.text).toContain(REASON);
    expect(activity.text).toMatch(/May change things before: — after: no/);
    const timeline = (await root.browser.visit(`/admin/users/${anna.userId}/`)).at(
      '.admin-timeline',
    );
    expect(timeline).toContain('Root started acting on behalf of Anna');
    expect(timeline).toContain(REASON);
    const entries = await atrium.sql(
      `SELECT action, actor_id, staff_id, tenant_id FROM audit_entry WHERE action LIKE 'impersonation.%'
       ORDER BY position DESC LIMIT 2`,
    );
    const common = { actor_id: root.userId, staff_id: null, tenant_id: anna.tenantId };
    expect(entries).toEqual([
      { action: 'impersonation.ended', ...common },
      { action: 'impersonation.started', ...common },
    ]);
  });

  test('in the list of their sessions, where they can end it', async () => {
    await actFor(bert);
    const profile = await bert.browser.visit('/profile/');
    expect(profile.at('section[aria-labelledby="sessions-title"]')).toContain(
      'Support access: Root',
    );
    const { id } = await only<{ id: string }>(
      'SELECT id FROM session WHERE acting_session_id IS NOT NULL',
    );
    await bert.browser.submit(`/profile/sessions/${id}/revoke/`);
    expect(await isOut(root.browser)).toBe(true);
  });

  test('and the person was not here: neither signed in nor seen', async () => {
    const seen = () =>
      atrium.sql(
        `SELECT u.last_login_at, max(s.last_seen_at) FROM users u JOIN session s ON s.user_id = u.id
           AND s.acting_session_id IS NULL WHERE u.id = $1 GROUP BY u.id`,
        [bert.userId],
      );
    await atrium.sql(
      `UPDATE session SET last_seen_at = now() - interval '2 days' WHERE user_id = $1`,
      [bert.userId],
    );
    const before = await seen();
    const members = async () =>
      (await root.browser.visit('/admin/')).document
        .querySelectorAll('section')
        .find((each) => each.querySelector('h2')?.textContent === 'Active members')!
        .querySelectorAll('tbody tr')
        .at(-1)!.textContent;
    const active = await members();
    await actFor(bert);
    await root.browser.visit('/dashboard/');
    await stop(root.browser);
    expect(await seen()).toEqual(before);
    expect(await members()).toBe(active);
  });

  test('the operator sees who acts now', async () => {
    await actFor(bert);
    const other = await superuser('second@atrium.test');
    const list = await other.browser.visit('/admin/sessions/?kind=on_behalf');
    const found = list.document.querySelectorAll('tbody th a').map((a) => a.textContent);
    expect(found).toEqual(['On somebody’s behalf']);
    const row = await other.browser.arrive(
      list.document.querySelector('tbody th a')!.getAttribute('href')!,
    );
    expect(row.text).toContain(REASON);
    expect(row.text).toContain('root@atrium.test');
  });
});

describe('it is over', () => {
  test('by “Stop acting”: the superuser is themselves again, and what was open is closed', async () => {
    const own = root.browser.cookie('session');
    await actFor(anna);
    const acting = root.browser.cookie('session');
    const back = await root.browser.follow(await stop(root.browser));
    expect(back.at('[data-notices]')).toContain('You are yourself again.');
    expect(back.at('h1')).toContain('anna@acme.test');
    expect(banner(back)).toBe('');
    expect([root.browser.cookie('session'), root.browser.cookie('own_session')]).toEqual([
      own,
      undefined,
    ]);
    expect(await isOut(thief(acting))).toBe(true);
  });

  test('the session alone gives nobody the way back to a superuser’s', async () => {
    await actFor(anna);
    const stolen = thief(root.browser.cookie('session'));
    const out = await stop(stolen);
    expect(out.location).toBe('/login/');
    expect((await stolen.visit('/admin/')).status).toBe(404);
  });

  test('nor to any other session than the one it came from', async () => {
    const second = await superuser('second@atrium.test');
    await actFor(anna);
    root.browser.agent.jar.setCookie(
      `atrium_own_session=${second.browser.cookie('session')}; Path=/`,
      '127.0.0.1',
      '/',
    );
    expect((await stop(root.browser)).location).toBe('/login/');
    expect((await root.browser.visit('/admin/')).status).toBe(404);
  });

  test('when the time is over; the way back is where one signs in', async () => {
    await actFor(anna);
    await atrium.sql(`UPDATE session SET expires_at = now() WHERE acting_session_id IS NOT NULL`);
    expect(await isOut(root.browser)).toBe(true);
    const login = await root.browser.arrive('/dashboard/');
    expect(login.text).toContain('You are no longer acting on anybody’s behalf.');
    const back = await root.browser.submit('/on-behalf/stop/');
    expect(back.location).toBe('/admin/');
    expect((await root.browser.visit('/admin/')).status).toBe(200);
    // Other sessions have no such note.
    expect((await atrium.browser().visit('/login/')).text).not.toContain('behalf');
  });

  test.each([
    ['is deactivated', 'UPDATE users SET is_active = false WHERE id = $1'],
    ['is no superuser any more', 'UPDATE users SET is_superuser = false WHERE id = $1'],
    [
      'is no staff any more',
      'UPDATE users SET is_staff = false, is_superuser = false WHERE id = $1',
    ],
    ['has their own session revoked', 'UPDATE session SET ended_at = now() WHERE user_id = $1'],
    ['has an own session that expires', 'UPDATE session SET expires_at = now() WHERE user_id = $1'],
  ])('when the superuser %s: at the next request', async (_, change) => {
    const one = await superuser(`short-${Math.random().toString(36).slice(2)}@atrium.test`);
    await actFor(anna, LOOKING, one);
    expect(await isOut(one.browser)).toBe(false);
    await atrium.sql(change, [one.userId]);
    expect(await isOut(one.browser)).toBe(true);
  });

  test('when the superuser signs out elsewhere, or here', async () => {
    const own = thief(root.browser.cookie('session'));
    await actFor(anna);
    await own.post('/logout/');
    expect(await isOut(root.browser)).toBe(true);

    root = await superuser('root@atrium.test');
    const kept = root.browser.cookie('session');
    await actFor(anna);
    await root.browser.visit('/dashboard/');
    const out = await root.browser.submit('/logout/');
    expect([out.status, out.location]).toEqual([303, '/']);
    expect(await isOut(root.browser)).toBe(true);
    expect(await isOut(thief(kept))).toBe(true);
    expect(await isOut(anna.browser)).toBe(false);
  });

  test.each([
    ['becomes staff', 'UPDATE users SET is_staff = true WHERE id = $1'],
    ['is deactivated', 'UPDATE users SET is_active = false WHERE id = $1'],
  ])('when the person %s', async (_, change) => {
    const person = await atrium.people.memberOf(
      'Acme',
      `p${Math.random().toString(36).slice(2)}@acme.test`,
    );
    await actFor(person);
    await atrium.sql(change, [person.userId]);
    expect(await isOut(root.browser)).toBe(true);
  });

  test('when the person’s password is reset', async () => {
    await actFor(bert);
    await atrium.browser().fill('/password-reset/', { email: 'bert@acme.test' });
    const { text } = await atrium.mails.expect('bert@acme.test', /reset|password/i);
    const path = new URL(/https?:\/\/\S+/.exec(text)![0]).pathname;
    await atrium.browser().fill(path, { password: 'wooden boat harbour' });
    expect(await isOut(root.browser)).toBe(true);
    bert = await atrium.people.signedIn('bert@acme.test', 'wooden boat harbour');
  });

  test('of two begun at once in two tabs one counts', async () => {
    for (let round = 0; round < 5; round++) {
      root = await superuser('root@atrium.test');
      const { _csrf } = (await root.browser.visit(`/admin/users/${anna.userId}/act/`)).form(
        `/admin/users/${anna.userId}/act/`,
      );
      const begin = (person: Person) =>
        root.browser.agent
          .post(`/admin/users/${person.userId}/act/`)
          .type('form')
          .send({ _csrf, ...LOOKING })
          .redirects(0)
          .ok(() => true);
      const answers = await Promise.all([begin(anna), begin(bert)]);
      const tokens = answers.map((answer) => {
        expect(answer.status).toBe(303);
        return /atrium_session=([\w-]{43})/.exec(String(answer.get('set-cookie')))![1];
      });
      const out = await Promise.all(tokens.map((token) => isOut(thief(token))));
      expect(out.sort()).toEqual([false, true]);
    }
  });

  test('of several, begun one after another, the last one counts, and each end is told', async () => {
    const tab = thief(root.browser.cookie('session'));
    await actFor(anna);
    const first = root.browser.cookie('session');
    await tab.fill(`/admin/users/${bert.userId}/act/`, LOOKING);
    expect([await isOut(thief(first)), await isOut(tab)]).toEqual([true, false]);
    const told = await atrium.sql<{ action: string; subject_id: string }>(
      `SELECT action, subject_id FROM audit_entry WHERE action LIKE 'impersonation.%'
       ORDER BY position DESC LIMIT 2`,
    );
    expect(told.map(({ action, subject_id }) => [action, subject_id])).toEqual([
      ['impersonation.started', bert.userId],
      ['impersonation.ended', anna.userId],
    ]);
  });
});

test('it costs no statement more to find out who is asking', async () => {
  await actFor(anna);
  const unitOfWork = atrium.app.get(UnitOfWork);
  const read = unitOfWork.read.bind(unitOfWork);
  const names: unknown[] = [];
  unitOfWork.read = (statement, role) => {
    names.push(statement.name);
    return read(statement, role);
  };
  await root.browser.visit('/nowhere/');
  unitOfWork.read = read;
  expect(names).toEqual(['principal']);
});

test('a form of it that comes from elsewhere is refused', async () => {
  await actFor(anna);
  const forged = await root.browser.agent
    .post('/on-behalf/stop/')
    .set('sec-fetch-site', 'cross-site')
    .redirects(0)
    .ok(() => true);
  expect(forged.status).toBe(419);
  // Without impersonation nothing changes.
  const bystander = await anna.browser.post('/on-behalf/stop/');
  expect(bystander.location).toBe('/dashboard/');
  expect(await isOut(anna.browser)).toBe(false);
});

test('a session is its owner’s or acted in, never something between', async () => {
  for (const half of [
    'acting_may_write = true',
    `acting_reason = 'half of it'`,
    'acting_staff_id = user_id',
  ]) {
    await expect(
      atrium.sql(`UPDATE session SET ${half} WHERE acting_session_id IS NULL`),
    ).rejects.toThrow('ck_session_acting');
  }
});
