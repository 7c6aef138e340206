import fc from 'fast-check';
import { passwordProblem } from '../../src/users/passwords/passwords.js';
import { allow } from '../support/limits.js';
import { startApp, type TestApp } from '../support/app.js';
import { brand } from '../../src/core/brand/brand.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD } from '../support/people.js';

const EASY = 'This password is easy to guess';

const REFUSED = [
  'Welcome2026!',
  `${brand.name}2026`,
  'Summer2026!',
  'Passw0rd!',
  'letmein2026',
  'P@ssw0rd2026',
  '$ummer2026!',
  '#Winter#2027',
  'Welkom2026!',
  'Zomer2026!!',
  'Printemps2026',
  'Décembre2026!',
  'november2026',
  `${brand.name.replace('i', '1')}!!`,
  'Azerty2026!',
];

/** What people should be free to choose. */
const GOOD = [
  'paper lantern orbit',
  'blue canal morning',
  'correct horse battery staple',
  'twee fietsen in de regen',
  'un vélo bleu sous la pluie',
  'welcome to my garden of ferns',
  'summer of 2026 in Ostend',
  `${brand.name} is where I work on Tuesdays`,
  'kQ7#vbn2Lx',
  'xu4-tepra-91-mol',
  '9f8a7s6d5g4h',
  'дождь на канале',
  'मेरा लंबा वाक्य',
];

test.each(REFUSED)('%s is refused', (password) => {
  expect(passwordProblem(password, 'anna@acme.test')).toMatch(/^(guessable|common)$/);
});

test.each(GOOD)('%s is taken', (password) => {
  expect(passwordProblem(password, 'anna@acme.test', 'Ketje')).toBeNull();
});

test('the name of one’s organisation is no password, whatever stands around it', () => {
  const problem = (password: string) =>
    passwordProblem(password, 'anna@acme.test', 'Ketje Brussel');
  expect(problem('Ketje2026!')).toBe('guessable');
  expect(problem('K3tje-2026')).toBe('guessable');
  expect(problem('KetjeBrussel1')).toBe('guessable');
  expect(problem('Ketje goes to the sea')).toBeNull();
});

test('whatever is typed is judged within a moment', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 72 }), (password) => {
      const started = performance.now();
      passwordProblem(password, 'anna@acme.test', 'Ketje');
      expect(performance.now() - started).toBeLessThan(allow(500));
    }),
  );
});

describe('Everywhere a password is chosen it is refused with the same sentence', () => {
  let atrium: TestApp;
  beforeAll(async () => void (atrium = await startApp()));
  afterAll(() => atrium.stop());

  test.each([
    ['en', 'This password is easy to guess'],
    ['nl-BE', 'Dit wachtwoord is makkelijk te raden'],
    ['fr-BE', 'Ce mot de passe est facile à deviner'],
  ])('when registering, in %s', async (language, sentence) => {
    const browser = atrium.browser().with('accept-language', language);
    const form = { email: 'new@acme.test', password: 'Welcome2026!' };
    const refused = await browser.fill('/register/', form);
    expect(refused.status).toBe(422);
    expect(refused.errorOf('password')).toContain(sentence);
  });

  test('through the API', async () => {
    const account = { email: 'api@acme.test', password: `${brand.name}2026` };
    const refused = await atrium.api().post('/auth/register', account);
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).toContain(EASY);
  });

  test('when changing it, also by the name of the organisation', async () => {
    const { browser } = await atrium.people.memberOf('Globex', 'gina@acme.test');
    await browser.visit('/profile/security/');
    const form = { current_password: PASSWORD, new_password: 'Globex2026!' };
    const refused = await browser.submit('/profile/password/', form);
    expect(refused.status).toBe(422);
    expect(refused.errorOf('new_password')).toContain(EASY);
  });

  test('when resetting it', async () => {
    await atrium.people.newcomer('reset@acme.test');
    const browser = atrium.browser();
    await browser.fill('/password-reset/', { email: 'reset@acme.test' });
    const path = linkIn(await atrium.mails.expect('reset@acme.test', /password/));
    const refused = await browser.fill(path, { password: 'Summer2026!' });
    expect(refused.status).toBe(422);
    expect(refused.errorOf('password')).toContain(EASY);
  });

  test('when accepting an invitation', async () => {
    const { browser } = await atrium.people.adminOf('Initech', 'peter@acme.test');
    const form = { action: 'invite', email: 'invited@acme.test', role: 'member' };
    await browser.fill('/settings/users/', form);
    const path = linkIn(await atrium.mails.expect('invited@acme.test'));
    const passwords = { password: 'Initech2026', password_confirm: 'Initech2026' };
    const refused = await atrium.browser().fill(path, passwords);
    expect(refused.status).toBe(422);
    expect(refused.errorOf('password')).toContain(EASY);
  });
});
