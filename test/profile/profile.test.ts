import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

let made = 0;
const member = (): Promise<Person> =>
  atrium.people.memberOf('Acme', `member${++made}@acme.example`);

const stored = async ({ profileId }: Person) => {
  const [row] = await atrium.sql(
    `SELECT p.display_name AS name, z.name AS timezone, c.code AS country, p.theme,
       p.marketing_emails AS marketing, p.updated_by = p.user_id AS own
     FROM user_profile p LEFT JOIN timezone z ON z.id = p.timezone_id
     LEFT JOIN country c ON c.id = p.country_id WHERE p.id = $1`,
    [profileId],
  );
  return row;
};

test('a profile is saved, and the page stays with a word of success', async () => {
  const anna = await member();
  const saved = await anna.browser.fill('/profile/', {
    display_name: 'Anna',
    timezone: 'Europe/Brussels',
    country: 'BE',
    theme: 'night',
    marketing_emails: '1',
  });
  expect([saved.status, saved.location]).toEqual([303, '/profile/']);
  const page = await anna.browser.follow(saved);
  expect(page.at('[role="status"]')).toContain('Your profile has been saved.');
  expect(page.document.querySelector('html')?.getAttribute('data-theme')).toBe('night');
  expect(page.form('/profile/')).toMatchObject({
    display_name: 'Anna',
    timezone: 'Europe/Brussels',
    country: 'BE',
    theme: 'night',
    marketing_emails: '1',
  });
  expect(await stored(anna)).toEqual({
    name: 'Anna',
    timezone: 'Europe/Brussels',
    country: 'BE',
    theme: 'night',
    marketing: true,
    own: true,
  });
  const again = await anna.browser.visit('/profile/');
  expect(again.text).not.toContain('has been saved');
});

test('the profile has a page for each section, and leads on from the addresses of its forms', async () => {
  const { browser } = await member();
  const page = await browser.visit('/profile/');
  const tabs = page.document.querySelectorAll('main nav a');
  expect(tabs.map((tab) => tab.getAttribute('href'))).toEqual([
    '/profile/',
    '/profile/security/',
    '/profile/notifications/',
    '/profile/data/',
  ]);
  for (const tab of tabs) {
    const section = await browser.visit(tab.getAttribute('href')!);
    expect([section.status, section.at('main nav a[aria-current="page"]')]).toEqual([
      200,
      tab.textContent.trim(),
    ]);
  }
  for (const [form, section] of [
    ['password', '/profile/security/'],
    ['email', '/profile/'],
    ['deactivate', '/profile/data/'],
  ]) {
    expect((await browser.visit(`/profile/${form}/`)).location).toBe(section);
  }
});

test('an unticked box means no', async () => {
  const anna = await member();
  await anna.browser.fill('/profile/', { theme: 'system', marketing_emails: '1' });
  expect(await stored(anna)).toMatchObject({ marketing: true });
  const token = await anna.browser.token();
  const answer = await anna.browser.agent
    .post('/profile/')
    .type('form')
    .send({ _csrf: token, display_name: 'Anna', theme: 'system' })
    .redirects(0)
    .ok(() => true);
  expect(answer.status).toBe(303);
  expect(await stored(anna)).toMatchObject({ marketing: false });
});

test.each([
  ['theme', 'dracula', 'Choose one of the options.'],
  ['timezone', 'Europe/Atlantis', 'Choose a time zone from the list.'],
  ['country', 'XX', 'Choose a country from the list.'],
  ['display_name', 'x'.repeat(101), 'Use at most 100 characters.'],
])('%s "%s" is refused, and nothing is saved', async (field, value, reason) => {
  const anna = await member();
  const before = await stored(anna);
  const refused = await anna.browser.fill('/profile/', {
    display_name: 'Typed',
    marketing_emails: '1',
    theme: 'system',
    [field]: value,
  });
  expect(refused.status).toBe(422);
  expect(refused.at('[role="alert"]')).toContain(reason);
  expect(refused.document.querySelectorAll('[role="alert"]')).toHaveLength(1);
  if (field !== 'display_name') expect(refused.value('display_name')).toBe('Typed');
  expect(refused.form('/profile/').marketing_emails).toBe('1');
  expect(await stored(anna)).toEqual(before);
});

test('every error of a field is tied to it, and the summary leads there', async () => {
  const anna = await member();
  const pages = [
    await anna.browser.fill('/profile/', { theme: 'dracula', display_name: 'x'.repeat(101) }),
    await anna.browser.post('/profile/password/', {}),
    await anna.browser.post('/profile/email/', {}),
    await anna.browser.post('/profile/deactivate/', {}),
  ];
  for (const page of pages) {
    expect(page.status).toBe(422);
    const links = page.document.querySelectorAll('[role="alert"] a');
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) {
      const id = link.getAttribute('href')!.slice(1);
      const target = page.document.getElementById(id);
      expect([id, target !== null]).toEqual([id, true]);
    }
    for (const field of page.document.querySelectorAll('[aria-invalid="true"]')) {
      const described = field.getAttribute('aria-describedby')!.split(' ');
      const texts = described.map((id) => page.document.getElementById(id)?.textContent.trim());
      expect(texts.every(Boolean)).toBe(true);
    }
    const ids = page.document.querySelectorAll('[id]').map((element) => element.id);
    expect(ids).toEqual([...new Set(ids)]);
  }
});

test('the language card speaks at once, and for good', async () => {
  const anna = await member();
  await anna.browser.visit('/profile/');
  const chosen = await anna.browser.submit('/i18n/setlang/', {
    language: 'nl-be',
    next: '/profile/',
  });
  expect([chosen.status, chosen.location]).toEqual([303, '/profile/']);
  const page = await anna.browser.follow(chosen);
  expect([page.at('h1'), page.document.querySelector('html')?.getAttribute('lang')]).toEqual([
    'Profiel',
    'nl-BE',
  ]);
  expect(anna.browser.cookie('lang')).toBe('nl-be');
  const elsewhere = await atrium.people.signedIn(anna.email);
  expect((await elsewhere.browser.visit('/profile/')).at('h1')).toBe('Profiel');
});

test('the password is changed: the others are out, this browser stays', async () => {
  const anna = await member();
  const other = await atrium.people.signedIn(anna.email);
  const before = anna.browser.cookie('session');
  await anna.browser.visit('/profile/security/');
  const changed = await anna.browser.submit('/profile/password/', {
    current_password: PASSWORD,
    new_password: 'copper window violin',
  });
  expect([changed.status, changed.location]).toEqual([303, '/profile/security/']);
  expect((await anna.browser.follow(changed)).text).toContain('Your password has been changed.');
  // The session goes on under a new token (ASVS 7.2.4).
  expect(anna.browser.cookie('session')).not.toBe(before);
  expect((await anna.browser.visit('/dashboard/')).status).toBe(200);
  expect((await other.browser.visit('/dashboard/')).status).toBe(302);
  await atrium.people.signedIn(anna.email, 'copper window violin');
  await atrium.mails.expect(anna.email, /password has been changed/i);
});

test.each([
  ['not the password', 'copper window violin', 'current_password', 'not your current password'],
  [PASSWORD, 'short', 'new_password', 'at least 12 characters'],
  [PASSWORD, 'password123', 'new_password', 'used by many people'],
  [PASSWORD, 'x'.repeat(73), 'new_password', 'at most 72 bytes'],
  ['', '', 'current_password', 'Enter a password.'],
])('with "%s" and "%s" the password stays', async (current, chosen, field, reason) => {
  const anna = await member();
  await anna.browser.visit('/profile/security/');
  const refused = await anna.browser.submit('/profile/password/', {
    current_password: current,
    new_password: chosen,
  });
  expect([refused.status, refused.errorOf(field)]).toEqual([422, expect.stringContaining(reason)]);
  expect(refused.document.querySelectorAll('input[type="password"][value]')).toHaveLength(0);
  await atrium.people.signedIn(anna.email);
});

test('the dashboard counts what there is', async () => {
  const admin = await atrium.people.adminOf('Counted', 'admin@counted.example');
  const first = await admin.browser.visit('/dashboard/');
  expect(first.at('h1')).toBe('Welcome Admin');
  expect(first.text).toMatch(/0 of 5|0\/5/);
  await atrium.people.memberOf('Counted', 'two@counted.example');
  const three = await atrium.people.memberOf('Counted', 'three@counted.example');
  const gone = await atrium.people.memberOf('Counted', 'gone@counted.example');
  await atrium.sql('UPDATE user_profile SET is_active = false WHERE id = $1', [gone.profileId]);
  await atrium.sql('UPDATE users SET is_active = false WHERE id = $1', [three.userId]);
  await atrium.sql(
    `UPDATE users SET email_verified_at = now() WHERE email = 'admin@counted.example'`,
  );
  const later = await admin.browser.visit('/dashboard/');
  expect(later.text).toMatch(/2 (active )?(members|people)|members\D*2\b/i);
  expect(later.text).not.toContain('Acme');
});
