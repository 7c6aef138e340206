import { type Person } from '../support/people.js';
import { REASON, LOOKING, Stage, banner } from './stage.js';

let stage: Stage;
beforeAll(async () => void (stage = await Stage.open()));
beforeEach(() => stage.reset());
afterAll(() => stage.close());

describe('the organisation and the person know', () => {
  test('who began and stopped, for whom, why, for how long and whether to change things', async () => {
    await stage.actFor(stage.anna, { ...LOOKING, minutes: '15' });
    await stage.stop(stage.root.browser);
    const activity = await stage.anna.browser.visit('/settings/activity/?kind=operator');
    expect(activity.text).toContain('Root started acting on behalf of Anna');
    expect(activity.text).toContain('Root stopped acting on behalf of Anna');
    expect(activity.text).toContain(REASON);
    expect(activity.text).toMatch(/May change things before: — after: no/);
    const timeline = (await stage.root.browser.visit(`/admin/users/${stage.anna.userId}/`)).at(
      '.admin-timeline',
    );
    expect(timeline).toContain('Root started acting on behalf of Anna');
    expect(timeline).toContain(REASON);
    const entries = await stage.atrium.sql(
      `SELECT action, actor_id, staff_id, tenant_id FROM audit_entry WHERE action LIKE 'impersonation.%'
       ORDER BY position DESC LIMIT 2`,
    );
    const common = { actor_id: stage.root.userId, staff_id: null, tenant_id: stage.anna.tenantId };
    expect(entries).toEqual([
      { action: 'impersonation.ended', ...common },
      { action: 'impersonation.started', ...common },
    ]);
  });

  test('in the list of their sessions, where they can end it', async () => {
    await stage.actFor(stage.bert);
    const profile = await stage.bert.browser.visit('/profile/security/');
    expect(profile.at('section[aria-labelledby="sessions-title"]')).toContain(
      'Support access: Root',
    );
    const { id } = await stage.only<{ id: string }>(
      'SELECT id FROM session WHERE acting_session_id IS NOT NULL',
    );
    await stage.bert.browser.submit(`/profile/sessions/${id}/revoke/`);
    expect(await stage.isOut(stage.root.browser)).toBe(true);
  });

  test('and the person was not here: neither signed in nor seen', async () => {
    const seen = () =>
      stage.atrium.sql(
        `SELECT u.last_login_at, max(s.last_seen_at) FROM users u JOIN session s ON s.user_id = u.id
           AND s.acting_session_id IS NULL WHERE u.id = $1 GROUP BY u.id`,
        [stage.bert.userId],
      );
    await stage.atrium.sql(
      `UPDATE session SET last_seen_at = now() - interval '2 days' WHERE user_id = $1`,
      [stage.bert.userId],
    );
    const before = await seen();
    const members = async () =>
      (await stage.root.browser.visit('/admin/')).document
        .querySelectorAll('section')
        .find((each) => each.querySelector('h2')?.textContent === 'Active members')!
        .querySelectorAll('tbody tr')
        .at(-1)!.textContent;
    const active = await members();
    await stage.actFor(stage.bert);
    await stage.root.browser.visit('/dashboard/');
    await stage.stop(stage.root.browser);
    expect(await seen()).toEqual(before);
    expect(await members()).toBe(active);
  });

  test('the operator sees who acts now', async () => {
    await stage.actFor(stage.bert);
    const other = await stage.superuser('second@atrium.test');
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
    const own = stage.root.browser.cookie('session');
    await stage.actFor(stage.anna);
    const acting = stage.root.browser.cookie('session');
    const back = await stage.root.browser.follow(await stage.stop(stage.root.browser));
    expect(back.at('[data-notices]')).toContain('You are back in your own account.');
    expect(back.at('h1')).toContain('anna@acme.test');
    expect(banner(back)).toBe('');
    expect([
      stage.root.browser.cookie('session'),
      stage.root.browser.cookie('own_session'),
    ]).toEqual([own, undefined]);
    expect(await stage.isOut(stage.thief(acting))).toBe(true);
  });

  test('the session alone gives nobody the way back to a superuser’s', async () => {
    await stage.actFor(stage.anna);
    const stolen = stage.thief(stage.root.browser.cookie('session'));
    const out = await stage.stop(stolen);
    expect(out.location).toBe('/login/');
    expect((await stolen.visit('/admin/')).status).toBe(404);
  });

  test('nor to any other session than the one it came from', async () => {
    const second = await stage.superuser('second@atrium.test');
    await stage.actFor(stage.anna);
    stage.root.browser.agent.jar.setCookie(
      `atrium_own_session=${second.browser.cookie('session')}; Path=/`,
      '127.0.0.1',
      '/',
    );
    expect((await stage.stop(stage.root.browser)).location).toBe('/login/');
    expect((await stage.root.browser.visit('/admin/')).status).toBe(404);
  });

  test('when the time is over; the way back is where one signs in', async () => {
    await stage.actFor(stage.anna);
    await stage.atrium.sql(
      `UPDATE session SET expires_at = now() WHERE acting_session_id IS NOT NULL`,
    );
    expect(await stage.isOut(stage.root.browser)).toBe(true);
    const login = await stage.root.browser.arrive('/dashboard/');
    expect(login.text).toContain('You are no longer acting on anybody’s behalf.');
    const back = await stage.root.browser.submit('/on-behalf/stop/');
    expect(back.location).toBe('/admin/');
    expect((await stage.root.browser.visit('/admin/')).status).toBe(200);
    // Other sessions have no such note.
    expect((await stage.atrium.browser().visit('/login/')).text).not.toContain('behalf');
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
    const one = await stage.superuser(`short-${Math.random().toString(36).slice(2)}@atrium.test`);
    await stage.actFor(stage.anna, LOOKING, one);
    expect(await stage.isOut(one.browser)).toBe(false);
    await stage.atrium.sql(change, [one.userId]);
    expect(await stage.isOut(one.browser)).toBe(true);
  });

  test('when the superuser signs out elsewhere, or here', async () => {
    const own = stage.thief(stage.root.browser.cookie('session'));
    await stage.actFor(stage.anna);
    await own.post('/logout/');
    expect(await stage.isOut(stage.root.browser)).toBe(true);

    stage.root = await stage.superuser('root@atrium.test');
    const kept = stage.root.browser.cookie('session');
    await stage.actFor(stage.anna);
    await stage.root.browser.visit('/dashboard/');
    const out = await stage.root.browser.submit('/logout/');
    expect([out.status, out.location]).toEqual([303, '/']);
    expect(await stage.isOut(stage.root.browser)).toBe(true);
    expect(await stage.isOut(stage.thief(kept))).toBe(true);
    expect(await stage.isOut(stage.anna.browser)).toBe(false);
  });

  test.each([
    ['becomes staff', 'UPDATE users SET is_staff = true WHERE id = $1'],
    ['is deactivated', 'UPDATE users SET is_active = false WHERE id = $1'],
  ])('when the person %s', async (_, change) => {
    const person = await stage.atrium.people.memberOf(
      'Acme',
      `p${Math.random().toString(36).slice(2)}@acme.test`,
    );
    await stage.actFor(person);
    await stage.atrium.sql(change, [person.userId]);
    expect(await stage.isOut(stage.root.browser)).toBe(true);
  });

  test('when the person’s password is reset', async () => {
    await stage.actFor(stage.bert);
    await stage.atrium.browser().fill('/password-reset/', { email: 'bert@acme.test' });
    const { text } = await stage.atrium.mails.expect('bert@acme.test', /reset|password/i);
    const path = new URL(/https?:\/\/\S+/.exec(text)![0]).pathname;
    await stage.atrium.browser().fill(path, { password: 'wooden boat harbour' });
    expect(await stage.isOut(stage.root.browser)).toBe(true);
    stage.bert = await stage.atrium.people.signedIn('bert@acme.test', 'wooden boat harbour');
  });

  test('of two begun at once in two tabs one counts', async () => {
    for (let round = 0; round < 5; round++) {
      stage.root = await stage.superuser('root@atrium.test');
      const { _csrf } = (
        await stage.root.browser.visit(`/admin/users/${stage.anna.userId}/act/`)
      ).form(`/admin/users/${stage.anna.userId}/act/`);
      const begin = (person: Person) =>
        stage.root.browser.agent
          .post(`/admin/users/${person.userId}/act/`)
          .type('form')
          .send({ _csrf, ...LOOKING })
          .redirects(0)
          .ok(() => true);
      const answers = await Promise.all([begin(stage.anna), begin(stage.bert)]);
      const tokens = answers.map((answer) => {
        expect(answer.status).toBe(303);
        return /atrium_session=([\w-]{43})/.exec(String(answer.get('set-cookie')))![1];
      });
      const out = await Promise.all(tokens.map((token) => stage.isOut(stage.thief(token))));
      expect(out.sort()).toEqual([false, true]);
    }
  });

  test('of several, begun one after another, the last one counts, and each end is told', async () => {
    const tab = stage.thief(stage.root.browser.cookie('session'));
    await stage.actFor(stage.anna);
    const first = stage.root.browser.cookie('session');
    await tab.fill(`/admin/users/${stage.bert.userId}/act/`, LOOKING);
    expect([await stage.isOut(stage.thief(first)), await stage.isOut(tab)]).toEqual([true, false]);
    const told = await stage.atrium.sql<{ action: string; subject_id: string }>(
      `SELECT action, subject_id FROM audit_entry WHERE action LIKE 'impersonation.%'
       ORDER BY position DESC LIMIT 2`,
    );
    expect(told.map(({ action, subject_id }) => [action, subject_id])).toEqual([
      ['impersonation.started', stage.bert.userId],
      ['impersonation.ended', stage.anna.userId],
    ]);
  });
});
