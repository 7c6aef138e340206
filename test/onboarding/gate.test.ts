import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({ GATE_EXEMPT_PREFIXES: '/profile/export' })));
afterAll(() => atrium.stop());

let made = 0;
const newcomer = (): Promise<Person> => atrium.people.newcomer(`new${++made}@acme.example`);

const step = (path: string, next = '/dashboard/') => `${path}?next=${encodeURIComponent(next)}`;

test('the steps come in their order: profile, organisation, then the product', async () => {
  const { browser, userId } = await newcomer();
  const wanted = '/profile/?tab=2&x=a%20b';

  const first = await browser.visit(wanted);
  expect([first.status, first.location]).toEqual([302, step('/profile/complete/', wanted)]);
  const profile = await browser.follow(first);
  expect(profile.title).toContain('Complete your profile');
  expect(profile.at('ol [aria-current="step"]')).toContain('Profile');

  const second = await browser.submit('/profile/complete/', { display_name: 'Nele' });
  expect([second.status, second.location]).toEqual([
    303,
    step('/onboarding/create-tenant/', wanted),
  ]);
  const workspace = await browser.follow(second);
  expect(workspace.at('h1')).toBe('Create your organisation');
  expect(workspace.text).toContain('What is your organisation called?');

  const third = await browser.submit('/onboarding/create-tenant/', { organization: 'Nele & Co' });
  // An offer, which holds nobody up.
  expect([third.status, third.location]).toEqual([303, step('/onboarding/invite/', wanted)]);
  expect((await browser.visit('/dashboard/')).at('h1')).toBe('Welcome Nele');

  const [membership] = await atrium.sql(
    `SELECT p.role, t.organization, t.created_by = p.user_id AS own, p.tenant_joined_at IS NOT NULL AS joined,
       p.profile_completed_at IS NOT NULL AS completed
     FROM user_profile p JOIN tenant t ON t.id = p.tenant_id WHERE p.user_id = $1`,
    [userId],
  );
  expect(membership).toEqual({
    role: 'admin',
    organization: 'Nele & Co',
    own: true,
    joined: true,
    completed: true,
  });
});

test('"Do this later" holds for one session only', async () => {
  const person = await newcomer();
  await person.browser.visit(step('/profile/complete/'));
  const skipped = await person.browser.submit('/profile/complete/', {
    skip: '1',
    display_name: 'Not saved',
  });
  expect(skipped.location).toBe(step('/onboarding/create-tenant/'));
  await person.browser.follow(skipped);
  await person.browser.submit('/onboarding/create-tenant/', { organization: 'Later' });
  expect((await person.browser.visit('/dashboard/')).status).toBe(200);

  const [profile] = await atrium.sql(
    `SELECT profile_completed_at AS at, display_name AS name FROM user_profile WHERE user_id = $1`,
    [person.userId],
  );
  expect(profile).toEqual({ at: null, name: expect.stringMatching(/^New\d+$/) as string });

  const again = await atrium.people.signedIn(person.email);
  expect((await again.browser.visit('/dashboard/')).location).toBe(step('/profile/complete/'));
});

test('a step cannot be passed by going round it', async () => {
  const { browser } = await newcomer();
  for (const path of ['/dashboard/', '/dashboard', '/profile/', '/account/revoked/']) {
    const seen = await browser.visit(path);
    const expected =
      path === '/account/revoked/' ? '/dashboard/' : step('/profile/complete/', path);
    expect([path, seen.location]).toEqual([path, expected]);
  }
  await browser.post('/profile/complete/', { skip: '1' });
  const skippedAgain = await browser.post('/onboarding/create-tenant/', { skip: '1' });
  expect(skippedAgain.status).toBe(422);
  expect((await browser.visit('/dashboard/')).location).toBe(step('/onboarding/create-tenant/'));
});

test('a form sent to a gated page leads to the step, and back to where it came from', async () => {
  const { browser } = await newcomer();
  const sent = await browser.post('/profile/', { display_name: 'x', theme: 'night' });
  expect([sent.status, sent.location]).toEqual([302, '/profile/complete/']);
});

test('what has to work during onboarding is never gated', async () => {
  const { browser } = await newcomer();
  const open = async (path: string) => (await browser.visit(path)).status;
  expect(await open('/profile/complete/')).toBe(200);
  expect(await open('/onboarding/create-tenant/')).toBe(200);
  for (const path of ['/', '/health/', '/health', '/health/live', '/health/ready']) {
    expect([path, await open(path)]).toEqual([path, 200]);
  }
  for (const path of ['/password-reset/', '/password-reset/done/', '/password-reset/complete/']) {
    expect([path, await open(path)]).toEqual([path, 200]);
  }
  expect(await open(`/password-reset/confirm/${'a'.repeat(43)}/`)).toBe(400);
  expect(await open('/admin/')).toBe(404);
  expect(await open('/assets/nothing.css')).toBe(404);
  const theme = await browser.post('/theme/set/', { theme: 'night' });
  expect([theme.status, theme.response.body]).toEqual([200, { ok: true, theme: 'night' }]);
  expect((await browser.post('/i18n/setlang/', { language: 'en' })).status).toBe(303);
  expect((await browser.post('/email/verify/resend/')).status).toBe(303);
  expect((await browser.post('/profile/export/')).status).toBe(200);
  expect((await browser.post('/logout/')).location).toBe('/');
});

test('who has an organisation already has nothing to do in step 2', async () => {
  const { browser, tenantId } = await atrium.people.adminOf('Acme', 'admin@acme.example');
  const seen = await browser.visit('/onboarding/create-tenant/?next=/profile/');
  expect([seen.status, seen.location]).toEqual([303, '/profile/']);
  expect((await browser.visit('/onboarding/create-tenant/')).location).toBe('/dashboard/');
  const posted = await browser.post('/onboarding/create-tenant/', { organization: 'Another' });
  expect([posted.status, posted.location]).toEqual([303, '/dashboard/']);
  const [kept] = await atrium.sql(
    `SELECT tenant_id AS id, (SELECT count(*)::int FROM tenant WHERE organization = 'Another') AS others
     FROM user_profile p JOIN users u ON u.id = p.user_id WHERE u.email = 'admin@acme.example'`,
  );
  expect(kept).toEqual({ id: tenantId, others: 0 });
});

test('strangers are asked to sign in first, and come back', async () => {
  const pages = ['/dashboard/', '/profile/', '/profile/complete/', '/onboarding/create-tenant/'];
  for (const path of [...pages, '/account/revoked/', '/email/verify/']) {
    const seen = await atrium.browser().visit(`${path}?a=1`);
    expect([seen.status, seen.location]).toEqual([
      302,
      `/login/?next=${encodeURIComponent(`${path}?a=1`)}`,
    ]);
  }
  const posted = await atrium.browser().post('/profile/', {});
  expect(posted.status).toBe(403);
  expect(posted.form('/login/')).toBeDefined();
});

describe('somebody whose access was revoked', () => {
  let revoked: Person;
  beforeAll(async () => {
    revoked = await atrium.people.memberOf('Acme', 'revoked@acme.example');
    await atrium.sql(
      `UPDATE user_profile SET is_active = false, tenant_revoked_at = now() WHERE id = $1`,
      [revoked.profileId],
    );
  });

  test('sees one page only, and may sign out', async () => {
    for (const path of ['/dashboard/', '/profile/']) {
      const seen = await revoked.browser.visit(path);
      expect([seen.status, seen.location]).toEqual([302, '/account/revoked/']);
    }
    const page = await revoked.browser.arrive('/dashboard/');
    expect([page.status, page.at('h1')]).toEqual([200, 'You no longer have access']);
    expect(page.text).toContain('An admin of Acme has deactivated your access.');
    const { browser } = await atrium.people.signedIn(revoked.email);
    await browser.visit('/account/revoked/');
    expect((await browser.submit('/logout/')).location).toBe('/');
  });

  test('sees nothing of the organisation around the page', async () => {
    const page = await revoked.browser.visit('/');
    expect(page.document.querySelector('nav')?.textContent ?? '').not.toContain('Acme');
    expect(page.response.text).not.toContain('Acme');
    const own = await revoked.browser.visit('/onboarding/create-tenant/');
    expect(own.location).toBe('/dashboard/');
  });

  test('still chooses theme and language, and completes the profile', async () => {
    const { browser } = revoked;
    expect((await browser.post('/theme/set/', { theme: 'night' })).status).toBe(200);
    expect((await browser.post('/i18n/setlang/', { language: 'nl-be' })).status).toBe(303);
    const saved = await browser.post('/profile/complete/', { display_name: 'Still me' });
    expect([saved.status, saved.location]).toEqual([303, '/account/revoked/']);
    const [row] = await atrium.sql(
      `SELECT display_name AS name, theme, tenant_id IS NOT NULL AS member, is_active AS active
       FROM user_profile WHERE id = $1`,
      [revoked.profileId],
    );
    expect(row).toEqual({ name: 'Still me', theme: 'night', member: true, active: false });
  });

  test('is somebody else than a member, who has no business there', async () => {
    const { browser } = await atrium.people.memberOf('Acme', 'still@acme.example');
    expect((await browser.visit('/account/revoked/')).location).toBe('/dashboard/');
  });
});
