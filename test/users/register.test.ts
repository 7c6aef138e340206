import { startApp, type TestApp } from '../support/app.js';
import type { Browser, Sight } from '../support/browser.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

const register = (values: Record<string, string>, browser: Browser = atrium.browser()) =>
  browser.fill('/register/', { email: 'somebody@acme.example', password: PASSWORD, ...values });

test('somebody registers, completes a profile, makes an organisation and arrives', async () => {
  const anna = atrium.browser();
  const registered = await anna.fill('/register/', {
    email: 'anna.peeters@my-company.co.uk',
    password: PASSWORD,
    tz_detect: 'Europe/Brussels',
    lang_detect: 'nl-BE',
    country_detect: 'BE',
  });
  expect([registered.status, registered.location]).toEqual([303, '/profile/complete/']);

  const profile = await anna.arrive('/dashboard/?from=mail');
  expect(profile.at('h1')).toBe('Complete your profile');
  expect(profile.value('display_name')).toBe('Anna');
  expect(profile.value('timezone')).toBe('Europe/Brussels');
  expect(profile.value('country')).toBe('BE');

  const saved = await anna.submit('/profile/complete/', { display_name: 'Anna P.' });
  expect(saved.location).toBe('/onboarding/create-tenant/?next=%2Fdashboard%2F%3Ffrom%3Dmail');
  const workspace = await anna.follow(saved);
  expect(workspace.value('organization')).toBe('My Company');

  const created = await anna.submit('/onboarding/create-tenant/', {});
  expect([created.status, created.location]).toEqual([
    303,
    '/onboarding/invite/?next=%2Fdashboard%2F%3Ffrom%3Dmail',
  ]);
  const team = await anna.follow(created);
  const skip = team.document.querySelectorAll('main a').find(({ text }) => /Skip/.test(text));
  const dashboard = await anna.visit(skip!.getAttribute('href')!);
  expect(dashboard.at('h1')).toBe('Welcome Anna P.');

  const mail = await atrium.mails.expect('anna.peeters@my-company.co.uk', /confirm|verif/i);
  const verified = await anna.arrive(linkIn(mail));
  expect(verified.status).toBe(200);
});

test.each([
  ['peter.janssens@acme.com', 'Peter'],
  ['Lies@acme.com', 'Lies'],
  ['jan-willem.de.boer@acme.com', 'Jan-willem'],
])('%s is called %s until they say otherwise', async (email, name) => {
  const browser = atrium.browser();
  await register({ email }, browser);
  expect((await browser.visit('/profile/complete/')).value('display_name')).toBe(name);
});

describe('a refused registration', () => {
  let refused: Sight;
  beforeAll(async () => {
    await register({ email: 'taken@acme.example' });
    refused = await register({ email: 'TAKEN@Acme.Example' });
  });

  test('says that the address is taken, whatever its case, at the field', () => {
    expect(refused.status).toBe(422);
    expect(refused.errorOf('email')).toContain('already an account');
  });

  test('keeps what was typed, but never the password', () => {
    expect(refused.value('email')).toBe('TAKEN@Acme.Example');
    expect(refused.response.text).not.toContain(PASSWORD);
  });

  test('has one summary that is announced, focused and leads to the field', () => {
    const alerts = refused.document.querySelectorAll('[role="alert"]');
    expect(alerts).toHaveLength(1);
    expect(alerts[0]!.hasAttribute('autofocus')).toBe(true);
    expect(alerts[0]!.querySelector('a')?.getAttribute('href')).toBe('#email');
    expect(refused.document.querySelector('#email')).not.toBeNull();
  });

  test('signs nobody in', async () => {
    const browser = atrium.browser();
    await register({ email: 'taken@acme.example' }, browser);
    expect(browser.cookie('session')).toBeUndefined();
  });
});

test.each([
  ['seven77', 'Use at least 12 characters.'],
  ['é'.repeat(37), 'Use a shorter password: at most 72 bytes'],
  ['x'.repeat(73), 'Use a shorter password: at most 72 bytes'],
  ['password123', 'used by many people'],
  ['PassWord1', 'used by many people'],
  ['83920174658', 'Use more than digits alone.'],
  ['karel.somers', 'too much like your e-mail address'],
  ['KarelSomers1', 'too much like your e-mail address'],
  ['karel.somers@brouwerij.example', 'too much like your e-mail address'],
  ['', 'Enter a password.'],
])('the password "%s" is refused with its own reason', async (password, reason) => {
  const refused = await register({ email: 'karel.somers@brouwerij.example', password });
  expect(refused.status).toBe(422);
  expect(refused.errorOf('password')).toContain(reason);
  expect(refused.value('password')).toBeUndefined();
});

test.each([
  ['seventy-two bytes', 'x'.repeat(30) + 'é'.repeat(21)],
  ['signs only', '!@#$%^&*()_+'],
  ['a letter of the address among signs', 's!@#$%^&*()_'],
  ['words with spaces around them', '  four words like these '],
])('a password of %s is taken as it is', async (what, password) => {
  const email = `${what.replaceAll(/\W/g, '-')}@acme.example`;
  expect((await register({ email, password })).status).toBe(303);
  expect((await atrium.browser().fill('/login/', { email, password })).status).toBe(303);
  const trimmed = await atrium.browser().fill('/login/', { email, password: `${password} ` });
  expect(trimmed.status).toBe(422);
});

test.each(['', 'nobody', 'a@b', 'a b@acme.example', `${'x'.repeat(250)}@acme.example`])(
  '"%s" is no e-mail address',
  async (email) => {
    const refused = await register({ email });
    expect([refused.status, refused.errorOf('email')]).toEqual([
      422,
      expect.stringContaining('Enter an e-mail address'),
    ]);
  },
);

test('registering never chooses the language for good', async () => {
  const browser = atrium.browser().with('Accept-Language', 'fr');
  await browser.visit('/register/');
  const registered = await browser.submit('/register/', {
    email: 'marie@acme.example',
    password: PASSWORD,
    lang_detect: 'nl-BE',
  });
  expect(registered.status).toBe(303);
  expect(browser.cookie('lang')).toBeUndefined();
  expect((await browser.visit('/profile/complete/')).at('h1')).toBe('Complétez votre profil');
});

test('hints of the browser that make no sense are left out, not refused', async () => {
  const browser = atrium.browser();
  const hints = { tz_detect: "x'; DROP TABLE users", lang_detect: '??', country_detect: 'Belgium' };
  const registered = await register({ email: 'hints@acme.example', ...hints }, browser);
  expect(registered.status).toBe(303);
  expect((await browser.visit('/profile/complete/')).status).toBe(200);
});

test('who is signed in has no business here', async () => {
  const { browser } = await atrium.people.memberOf('Acme', 'in@acme.example');
  for (const path of ['/register/', '/login/']) {
    const answer = await browser.visit(path);
    expect([answer.status, answer.location]).toEqual([303, '/dashboard/']);
  }
});

test('eight people who register one address at once make one account', async () => {
  const browsers = Array.from({ length: 8 }, () => atrium.browser());
  await Promise.all(browsers.map((browser) => browser.visit('/register/')));
  const answers = await Promise.all(
    browsers.map((browser, n) =>
      browser.submit('/register/', {
        email: n % 2 ? 'Crowd@acme.example' : 'crowd@acme.example',
        password: PASSWORD,
      }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array<number>(7).fill(422)]);
  const [made] = await atrium.sql(
    `SELECT count(DISTINCT u.id)::int AS users, count(DISTINCT p.id)::int AS profiles,
       count(DISTINCT s.id)::int AS sessions
     FROM users u LEFT JOIN user_profile p ON p.user_id = u.id LEFT JOIN session s ON s.user_id = u.id
     WHERE lower(u.email) = 'crowd@acme.example'`,
  );
  expect(made).toEqual({ users: 1, profiles: 1, sessions: 1 });
  const winners = browsers.filter((browser) => browser.cookie('session') !== undefined);
  expect(winners).toHaveLength(1);
});
