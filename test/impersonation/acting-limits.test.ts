import { discoverRoutes } from '../isolation/routes.js';
import { PASSWORD } from '../support/people.js';
import { CHANGING, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => void (stage = await Stage.open()));
beforeEach(() => stage.reset());
afterAll(() => stage.close());

describe('who only looks', () => {
  test('is refused whatever changes something, by a page that says why and offers the way back', async () => {
    await stage.actFor(stage.anna);
    const before = await everythingOf();
    const refused = await stage.root.browser.post('/projects/new/', { name: 'Roof' });
    expect([refused.status, refused.at('h1')]).toEqual([403, 'Not on somebody’s behalf']);
    expect(refused.text).toContain('only looking: nothing can be changed');
    expect(refused.at('main form button')).toBe('Stop acting');
    expect(refused.at('section.acting button')).toBe('Stop acting');
    const home = await stage.root.browser.submit('/on-behalf/stop/');
    expect(home.location).toBe(`/admin/users/${stage.anna.userId}/`);
    expect(await everythingOf()).toEqual(before);
  });

  test('by any request: every route that is not for reading, but for the exit and what is theirs alone', async () => {
    await stage.actFor(stage.anna);
    const routes = discoverRoutes(stage.atrium.app).filter(
      ({ method, path, access }) =>
        method !== 'GET' && !path.startsWith('/api/') && !['staff', 'anonymous'].includes(access!),
    );
    expect(routes.length).toBeGreaterThan(20);
    const open = new Set(['/on-behalf/stop/', '/logout/', '/theme/set/', '/i18n/setlang/']);
    const before = await everythingOf();
    const wrong: string[] = [];
    for (const { method, path } of routes.filter((route) => !open.has(route.path))) {
      const address = path.replace(':id', stage.anna.userId).replace(':token', 'x'.repeat(43));
      const { status, title } = await stage.root.browser.post(address, { action: 'deactivate' });
      if (status !== 403 || !title.startsWith('Not on somebody'))
        wrong.push(`${method} ${path}: ${status}`);
    }
    expect(wrong).toEqual([]);
    expect(await everythingOf()).toEqual(before);
    expect(routes.filter(({ path }) => open.has(path))).toHaveLength(open.size);
  }, 30_000);

  test('reads whatever the person reads', async () => {
    await stage.anna.browser.fill('/projects/new/', { name: 'Cellar' });
    const project = await stage.only<{ id: string }>(
      `SELECT id FROM project WHERE name = 'Cellar'`,
    );
    await stage.actFor(stage.anna);
    const before = await everythingOf();
    const wrong: string[] = [];
    const routes = discoverRoutes(stage.atrium.app).filter(
      ({ method, path, access, isOutOfReach }) =>
        method === 'GET' &&
        !path.startsWith('/api/') &&
        !isOutOfReach &&
        ['public', 'self', 'permitted'].includes(access!),
    );
    expect(routes.length).toBeGreaterThan(12);
    for (const { path } of routes.filter((route) => !route.path.startsWith('/dev/'))) {
      const address = path.replace(':id', project.id);
      const [seen, theirs] = [
        await stage.root.browser.visit(address),
        await stage.anna.browser.visit(address),
      ];
      if (seen.status !== theirs.status || seen.at('h1') !== theirs.at('h1')) {
        wrong.push(`${path}: ${seen.status} instead of ${theirs.status}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await everythingOf()).toEqual(before);
  }, 30_000);

  test('would be stopped by the database, were a route forgotten', async () => {
    await stage.actFor(stage.anna);
    const { ImpersonationGuard } =
      await import('../../src/core/http/access/impersonation.guard.js');
    const { canActivate } = ImpersonationGuard.prototype;
    ImpersonationGuard.prototype.canActivate = () => true;
    try {
      const before = await everythingOf();
      expect((await stage.root.browser.post('/projects/new/', { name: 'Roof' })).status).toBe(500);
      expect(await everythingOf()).toEqual(before);
    } finally {
      ImpersonationGuard.prototype.canActivate = canActivate;
    }
  });

  test('chooses a theme and a language, which are not the person’s', async () => {
    await stage.actFor(stage.anna);
    const before = await everythingOf();
    const theme = await stage.root.browser.post('/theme/set/', { theme: 'night' });
    expect(theme.status).toBe(200);
    await stage.root.browser.post('/i18n/setlang/', { language: 'fr-be' });
    const page = await stage.root.browser.visit('/dashboard/');
    expect(page.document.querySelector('html')!.attributes).toMatchObject({
      lang: 'fr-BE',
      'data-theme': 'night',
    });
    expect(await everythingOf()).toEqual(before);
    expect(
      (await stage.anna.browser.visit('/dashboard/')).document
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
  ];
  const sums = tables.map(
    (name) =>
      `SELECT '${name}' AS name, md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM ${name} t`,
  );
  // Jobs by id: the worker changes the state of those that recur.
  const jobs = `SELECT 'job', md5(string_agg(id::text, ' ' ORDER BY id)) FROM pgboss.job`;
  return stage.atrium.sql([...sums, jobs].join(' UNION ALL '));
}

/** Routes that are the person's alone or export data. */
const OUT_OF_REACH = [
  /^\/confirm\//,
  /^\/password-reset\//,
  /^\/profile\/(password|email|sessions|data|export|deactivate|passkeys|second-factor|notifications)\//,
  /^\/notifications\/(read|:id\/read|unsubscribe)\//,
  /^\/email\/(verify\/(:token|resend)|change|not-me)\//,
  /^\/settings\/(api|billing|closure|data|hand-over|security|webhooks)\//,
  /^\/settings\/activity\.csv\//,
  /^\/[\w-]+\/export\.csv\//,
  /^\/invite\/(accept|link)\//,
];

describe('what is the person’s alone is out of reach, also for who may change things', () => {
  test('and each of its routes says so', () => {
    const marked = discoverRoutes(stage.atrium.app).map(({ method, path, isOutOfReach: is }) => ({
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
    await stage.actFor(stage.anna, CHANGING);
    const before = await everythingOf();
    const wrong: string[] = [];
    const routes = discoverRoutes(stage.atrium.app).filter(({ path }) =>
      OUT_OF_REACH.some((area) => area.test(path)),
    );
    for (const { method, path } of routes) {
      const address = path.replace(':id', stage.anna.userId).replace(':token', 'x'.repeat(43));
      const answer =
        method === 'GET'
          ? await stage.root.browser.visit(address)
          : await stage.root.browser.post(address, {
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
    expect(await stage.isOut(stage.anna.browser)).toBe(false);
  }, 30_000);

  test('so the pages do not offer it', async () => {
    await stage.actFor(stage.anna, CHANGING);
    for (const section of ['/profile/', '/profile/security/']) {
      const { response } = await stage.root.browser.visit(section);
      expect([section, response.status]).toEqual([section, 200]);
      for (const action of ['password', 'email', 'export', 'deactivate', 'sessions']) {
        expect(response.text).not.toContain(`action="/profile/${action}`);
      }
      expect(response.text).not.toContain('href="/profile/data/"');
    }
    const tabs = (await stage.root.browser.visit('/settings/users/')).document
      .querySelectorAll('main nav a')
      .map((a) => a.textContent);
    expect(tabs).toEqual(['Users', 'General', 'Activity']);
  });

  test.each<Record<string, string>>([
    { action: 'invite', email: 'private@staff.test', role: 'admin' },
    { action: 'promote' },
    { action: 'set_role', role: 'admin' },
  ])('and so is making an admin, which would outlast the hour: %j', async (form) => {
    await stage.actFor(stage.anna, CHANGING);
    await stage.root.browser.visit('/settings/users/');
    const profile_id = stage.bert.profileId;
    const answer = await stage.root.browser.post('/settings/users/', { profile_id, ...form });
    expect([answer.status, answer.at('h1')]).toEqual([403, 'Not on somebody’s behalf']);
    expect(answer.text).toContain('the role would outlast your time on their behalf');
    const made = await stage.atrium.sql(
      `SELECT 1 FROM invitation WHERE email = 'private@staff.test'
       UNION ALL SELECT 1 FROM user_profile WHERE id = $1 AND role = 'admin'`,
      [stage.bert.profileId],
    );
    expect(made).toEqual([]);
  });

  test('also of several at once', async () => {
    await stage.actFor(stage.anna, CHANGING);
    const many = { action: 'make_admin', profile_id: stage.bert.profileId };
    const answer = await stage.root.browser.post('/settings/users/bulk/', many);
    expect([answer.status, answer.at('h1')]).toEqual([403, 'Not on somebody’s behalf']);
  });

  test('and no client of the API is signed in by such a session', async () => {
    await stage.actFor(stage.anna, CHANGING);
    const answer = await stage.root.browser.agent.get('/api/v1/me').ok(() => true);
    expect(answer.status).toBe(401);
  });
});

describe('who may change things', () => {
  test('does so as the person, and both are named: in the trail, to the organisation’s admins', async () => {
    await stage.actFor(stage.anna, CHANGING);
    const added = await stage.root.browser.fill('/projects/new/', { name: 'Slate roof' });
    expect(added.status).toBe(303);
    const entry = await stage.only(
      `SELECT actor_id, actor_name, staff_id, staff_name, tenant_id FROM audit_entry 
       WHERE action = 'project.created' AND subject_name = 'Slate roof'`,
    );
    expect(entry).toEqual({
      actor_id: stage.anna.userId,
      actor_name: 'Anna',
      staff_id: stage.root.userId,
      staff_name: 'Root',
      tenant_id: stage.anna.tenantId,
    });
    const activity = await stage.anna.browser.visit('/settings/activity/');
    expect(activity.text).toContain('Root (on behalf of Anna) added the project “Slate roof”');
  });

  test('and so it is in the jobs it causes', async () => {
    await stage.actFor(stage.anna, CHANGING);
    await stage.root.browser.visit('/settings/users/');
    await stage.root.browser.submit('/settings/users/', {
      email: 'guest@acme.test',
      role: 'member',
    });
    const { staff } = await stage.only<{ staff: unknown }>(
      `SELECT data->'scope'->'staff' AS staff FROM pgboss.job WHERE name = 'mail' ORDER BY created_on DESC LIMIT 1`,
    );
    expect(staff).toEqual({ id: stage.root.userId, name: 'Root' });
  });
});
