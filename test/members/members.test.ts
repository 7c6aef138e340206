import { startApp, type TestApp } from '../support/app.js';
import type { Sight } from '../support/browser.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;
let ben: Person;
let gina: Person;

beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  ben = await atrium.people.memberOf('Acme', 'ben@acme.test');
  gina = await atrium.people.adminOf('Globex', 'gina@globex.test');
});
afterAll(() => atrium.stop());

const act = (by: Person, action: string, values: Record<string, string>) =>
  by.browser.post('/settings/users/', { action, ...values });

/** How many members a page shows. */
const membersIn = (page: Sight) => page.response.text.match(/ data-member="/g)?.length ?? 0;

async function profile(person: Person) {
  const [row] = await atrium.sql(
    `SELECT role, is_active AS active, tenant_revoked_at IS NOT NULL AS revoked
     FROM user_profile WHERE id = $1`,
    [person.profileId],
  );
  return row;
}

describe('The settings', () => {
  test('begin with the users; the old address of the members leads there for good', async () => {
    const settings = await anna.browser.visit('/settings/');
    expect([settings.status, settings.location]).toEqual([303, '/settings/users/']);
    const members = await anna.browser.visit('/settings/members/');
    expect([members.status, members.location]).toEqual([301, '/settings/users/']);
  });

  test('are for admins: a member gets the page that says so, a visitor the sign-in', async () => {
    for (const path of ['', 'users/', 'general/', 'billing/', 'members/']) {
      const page = await ben.browser.visit(`/settings/${path}`);
      expect([page.status, page.at('h1')]).toEqual([403, 'You have no access to this page']);
      const visitor = await atrium.browser().visit(`/settings/${path}`);
      expect([visitor.status, visitor.location?.split('?')[0]]).toEqual([302, '/login/']);
    }
    const answer = await act(ben, 'promote', { profile_id: ben.profileId });
    expect(answer.status).toBe(403);
    expect(await profile(ben)).toMatchObject({ role: 'member' });
  });

  test('speak of billing honestly', async () => {
    const page = await anna.browser.visit('/settings/billing/');
    expect(page.text).toContain('Nothing is sold on this site');
    expect(page.at('nav [aria-current="page"][href="/settings/billing/"]')).toBe('Billing');
  });
});

describe('The users page', () => {
  test('shows who is here, marks the own row, and offers nothing on it', async () => {
    const page = await anna.browser.visit('/settings/users/');
    expect(page.at(`[data-member="${anna.profileId}"]`)).toMatch(
      /Anna ?YOU anna@acme\.test.*Admin.*Joined/,
    );
    expect(page.at(`[data-member="${anna.profileId}"] form`)).toBe('');
    expect(page.at(`[data-member="${ben.profileId}"]`)).not.toContain('YOU');
    expect(page.text).not.toContain('globex');
  });

  test('finds people by the beginnings of names and addresses, whatever the accents and capitals', async () => {
    const elise = await atrium.people.memberOf('Acme', 'e.dupont@acme.test');
    await atrium.sql(
      `UPDATE user_profile SET display_name = 'Élise 100%_ünderscore' WHERE id = $1`,
      [elise.profileId],
    );
    for (const q of [
      ...[
        'élise',
        'ELISE',
        'ünder',
        'dupont@',
        '100%_u',
        'e.dupont@acme.test',
        '<e.dupont@acme.test>,',
      ],
      ...['elise 100%_u', 'underscore e.du', 'Dupont, Élise', 'dupont @acme.te', 'e el acme'],
    ]) {
      const page = await anna.browser.visit(`/settings/users/?q=${encodeURIComponent(q)}`);
      expect(membersIn(page)).toBe(1);
      expect(page.value('q')).toBe(q);
    }
    for (const q of ['lise', 'elise ben', 'elise nobody', 'globex', 'gina', '@', '']) {
      const page = await anna.browser.visit(`/settings/users/?q=${encodeURIComponent(q)}`);
      expect([q, membersIn(page)]).toEqual([q, q === '' ? 3 : 0]);
    }
    for (const q of ['%', '_', 'nobody-of-that-name', "' OR 1=1 --", '\\']) {
      const page = await anna.browser.visit(`/settings/users/?q=${encodeURIComponent(q)}`);
      expect(page.status).toBe(200);
      expect(membersIn(page)).toBeLessThan(2);
    }
  });

  test('a new address is found at once', async () => {
    const { browser } = await atrium.people.signedIn('e.dupont@acme.test');
    await browser.visit('/profile/');
    const change = { email: 'elise.martin@acme.test', password: PASSWORD };
    await browser.submit('/profile/email/', change);
    const link = linkIn(await atrium.mails.expect(change.email));
    await browser.visit(link);
    await browser.submit(link);
    const page = await anna.browser.visit('/settings/users/?q=martin');
    expect(membersIn(page)).toBe(1);
  });

  test('what changes of a member is searched by at once', async () => {
    const found = async (search: string) =>
      membersIn(await anna.browser.visit(`/settings/users/?${search}`));
    const finn = await atrium.people.memberOf('Acme', 'f@acme.test');
    await finn.browser.visit('/profile/');
    await finn.browser.submit('/profile/', { display_name: 'Zoë van Damme', theme: 'night' });
    expect([await found('q=zoe+damme'), await found('q=zoe&role=admin')]).toEqual([1, 0]);
    await act(anna, 'promote', { profile_id: finn.profileId });
    expect([await found('q=zoe&role=admin'), await found('q=zoe&state=active')]).toEqual([1, 1]);
    await act(anna, 'deactivate', { profile_id: finn.profileId });
    expect([await found('q=zoe&role=admin'), await found('q=zoe&state=inactive')]).toEqual([0, 1]);
  });

  test('answers any nonsense in its address', async () => {
    for (const search of [
      'after=x',
      'before=x',
      'q=%00',
      'role=owner&state=gone',
      'after=%F0',
      'q=a&q=b',
    ]) {
      expect((await anna.browser.visit(`/settings/users/?${search}`)).status).toBe(200);
    }
    const foreign = await anna.browser.visit(`/settings/users/?after=${gina.profileId}`);
    expect(foreign.text).not.toContain('globex');
  });
});

describe('An admin', () => {
  test('promotes, demotes, deactivates and re-engages; doing it again changes nothing', async () => {
    const carl = await atrium.people.memberOf('Acme', 'carl@acme.test');
    const on = { profile_id: carl.profileId };
    for (const [action, values, expected] of [
      ['promote', {}, { role: 'admin', active: true, revoked: false }],
      ['set_role', { role: 'admin' }, { role: 'admin', active: true, revoked: false }],
      ['set_role', { role: 'member' }, { role: 'member', active: true, revoked: false }],
      ['promote', {}, { role: 'admin', active: true, revoked: false }],
      ['deactivate', {}, { role: 'member', active: false, revoked: true }],
      ['set_role', { role: 'member' }, { role: 'member', active: false, revoked: true }],
      ['reengage', {}, { role: 'member', active: true, revoked: false }],
    ] as const) {
      for (let times = 0; times < 2; times++) {
        const answer = await act(anna, action, { ...on, ...values });
        expect([answer.status, answer.location]).toEqual([303, '/settings/users/']);
        expect(await profile(carl)).toEqual(expected);
      }
    }
  });

  test('does it with the forms of the page, and is told so', async () => {
    const page = await anna.browser.visit('/settings/users/?q=ben');
    const dialog = page.document.getElementById(`promote-${ben.profileId}`)!;
    expect(dialog.querySelector('h2')?.textContent).toBe('Make Ben an admin?');
    const form = dialog.querySelector('form')!;
    const values = Object.fromEntries(
      form
        .querySelectorAll('input')
        .map((input) => [input.getAttribute('name')!, input.getAttribute('value')!]),
    );
    const answer = await anna.browser.post('/settings/users/', values);
    expect(answer.location).toBe('/settings/users/?q=ben');
    const after = await anna.browser.follow(answer);
    expect(after.text).toContain('Ben is now an admin.');
    expect(after.at(`[data-member="${ben.profileId}"]`)).toContain('Admin');
    await act(anna, 'set_role', { profile_id: ben.profileId, role: 'member' });
  });

  test('is asked before somebody becomes an admin, loses access or an invitation: by a question that names them', async () => {
    const tess = await atrium.people.memberOf('Acme', 'tess@acme.test');
    await act(anna, 'invite', { email: 'asked@guest.test', role: 'member' });
    const page = await anna.browser.visit('/settings/users/');
    const inRows = page.document
      .querySelectorAll('[data-member] form, [data-invitation] form')
      .map((form) => form.querySelector('[name="action"]')!.getAttribute('value'));
    expect(inRows).toContain('resend');
    expect(inRows.filter((each) => !['set_role', 'reengage', 'resend'].includes(each!))).toEqual(
      [],
    );
    const [invitation] = await atrium.sql<{ id: string }>(
      `SELECT id FROM invitation WHERE email = 'asked@guest.test'`,
    );
    for (const [id, question] of [
      [`promote-${tess.profileId}`, 'Make Tess an admin?'],
      [`deactivate-${tess.profileId}`, 'End the access of Tess?'],
      [`cancel-${invitation!.id}`, 'Withdraw the invitation to asked@guest.test?'],
    ] as const) {
      expect(page.document.querySelector(`a[href="#${id}"][data-dialog-open]`)).not.toBeNull();
      expect(page.at(`dialog[id="${id}"] h2`)).toBe(question);
    }
    expect(page.document.getElementById(`deactivate-${anna.profileId}`)).toBeNull();
  });

  test('takes a deactivation back at once: the role of before is there again', async () => {
    const cora = await atrium.people.adminOf('Acme', 'cora@acme.test');
    const answer = await act(anna, 'deactivate', { profile_id: cora.profileId });
    const told = await anna.browser.follow(answer);
    expect(told.at('[data-notices]')).toContain('Cora no longer has access.');
    const back = await anna.browser.submit(`/settings/users/${cora.profileId}/restore/`);
    expect((await anna.browser.follow(back)).at('[data-notices]')).toContain(
      'Cora has access again, as an admin.',
    );
    expect(await profile(cora)).toEqual({ role: 'admin', active: true, revoked: false });
    // Giving access again later is giving it to a member.
    await act(anna, 'deactivate', { profile_id: cora.profileId });
    await act(anna, 'reengage', { profile_id: cora.profileId });
    expect(await profile(cora)).toMatchObject({ role: 'member', active: true });
    await anna.browser.post(`/settings/users/${cora.profileId}/restore/`);
    expect(await profile(cora)).toMatchObject({ role: 'member', active: true });
  });

  test('undoes nothing of another organisation, nor as a member', async () => {
    for (const [by, id, status] of [
      [anna, gina.profileId, 404],
      [anna, 'x', 404],
      [ben, ben.profileId, 403],
    ] as const) {
      const answer = await by.browser.post(`/settings/users/${id}/restore/`);
      expect(answer.status).toBe(status);
    }
  });

  test.each(['', 'own_everything', 'toString', '__proto__'])(
    'gets 400 for the action “%s”',
    async (action) => {
      const answer = await act(anna, action, { profile_id: ben.profileId });
      expect([answer.status, answer.text]).toEqual([
        400,
        expect.stringContaining('could not read that request'),
      ]);
    },
  );

  test('reads members as a table, column by column', async () => {
    const page = await anna.browser.visit('/settings/users/');
    const headings = page.document.querySelectorAll(
      'table[aria-labelledby="members-title"] th[scope="col"]',
    );
    expect(headings.map((th) => th.textContent)).toEqual([
      ...['Person', 'Role', 'Two-step login', 'Joined', 'Last seen', 'Actions'],
    ]);
    expect(page.at(`[data-member="${ben.profileId}"] th[scope="row"]`)).toContain('ben@acme.test');
  });

  test('ends all sessions of whoever is deactivated, at once; signing in leads to the revoked page', async () => {
    const dora = await atrium.people.memberOf('Acme', 'dora@acme.test');
    const phone = await atrium.people.signedIn('dora@acme.test');
    await act(anna, 'deactivate', { profile_id: dora.profileId });
    for (const { browser } of [dora, phone]) {
      const page = await browser.visit('/dashboard/');
      expect(page.location).toBe('/login/?next=%2Fdashboard%2F');
    }
    const back = await atrium.people.signedIn('dora@acme.test');
    expect((await back.browser.visit('/dashboard/')).location).toBe('/account/revoked/');
    const theme = await back.browser.post('/theme/set/', { theme: 'night' });
    expect(theme.status).toBe(200);
    await act(anna, 'reengage', { profile_id: dora.profileId });
    expect((await back.browser.visit('/dashboard/')).status).toBe(200);
  });

  test('cannot demote or deactivate themselves', async () => {
    for (const [action, values, words] of [
      ['deactivate', {}, 'You cannot deactivate yourself.'],
      ['set_role', { role: 'member' }, 'You cannot take the admin role from yourself.'],
    ] as const) {
      const answer = await act(anna, action, { profile_id: anna.profileId, ...values });
      expect(answer.status).toBe(422);
      expect(answer.at('[role="alert"]')).toContain(words);
    }
    expect(await profile(anna)).toMatchObject({ role: 'admin', active: true });
  });

  test('cannot promote somebody who has no access', async () => {
    const finn = await atrium.people.memberOf('Acme', 'finn@acme.test');
    await act(anna, 'deactivate', { profile_id: finn.profileId });
    const answer = await act(anna, 'promote', { profile_id: finn.profileId });
    expect(answer.status).toBe(422);
    expect(await profile(finn)).toMatchObject({ role: 'member', active: false });
  });

  test('finds nobody of another organisation behind an id, nor behind nonsense', async () => {
    for (const profile_id of [gina.profileId, gina.userId, 'x', '', "' OR 1=1"]) {
      for (const [action, more] of [
        ['promote', {}],
        ['set_role', { role: 'member' }],
        ['deactivate', {}],
        ['reengage', {}],
      ] as const) {
        expect((await act(anna, action, { profile_id, ...more })).status).toBe(404);
      }
    }
    expect(await profile(gina)).toMatchObject({ role: 'admin', active: true });
    expect((await gina.browser.visit('/dashboard/')).status).toBe(200);
  });

  test('gets a clear answer to an act nobody knows', async () => {
    for (const action of ['explode', '', '__proto__']) {
      expect((await act(anna, action, {})).status).toBe(400);
    }
    const role = await act(anna, 'set_role', { profile_id: ben.profileId, role: 'owner' });
    expect(role.status).toBe(422);
  });

  test('who closes the account leaves as an inactive member, unless nobody could take over', async () => {
    const hugo = await atrium.people.adminOf('Initech', 'hugo@initech.test');
    const ines = await atrium.people.memberOf('Initech', 'ines@initech.test');
    await hugo.browser.visit('/profile/data/');
    const refused = await hugo.browser.submit('/profile/deactivate/', { password: PASSWORD });
    expect(refused.status).toBe(422);
    await act(hugo, 'promote', { profile_id: ines.profileId });
    await hugo.browser.visit('/profile/data/');
    const closed = await hugo.browser.submit('/profile/deactivate/', { password: PASSWORD });
    expect(closed.status).toBe(303);
    expect(await profile(hugo)).toEqual({ role: 'member', active: false, revoked: true });
    const row = (await ines.browser.visit('/settings/users/')).at(
      `[data-member="${hugo.profileId}"]`,
    );
    expect(row).toContain('Account closed');
    const answer = await act(ines, 'reengage', { profile_id: hugo.profileId });
    expect(answer.status).toBe(422);
  });
});
