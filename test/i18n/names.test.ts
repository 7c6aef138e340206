import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { brand } from '../../src/core/brand/brand.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { Translator } from '../../src/core/i18n/translator.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD } from '../support/people.js';

/** Names that read like a call of the library for texts, or like a place to fill in. */
const NAMES = [
  '$t(mail)',
  '$t(a,{bad)',
  '$t(mail.password_reset.text)',
  '$t(constructor,{"a":1})',
  '{site} {organization}',
  '{{ name | uppercase }}',
  '$& $1 $$',
];

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

const errors = jest.spyOn(Logger.prototype, 'error');
beforeEach(() => errors.mockClear());
afterEach(() => expect(errors).not.toHaveBeenCalled());

test.each(NAMES)('a page shows the name %s as it was typed', async (name) => {
  const email = `page-${NAMES.indexOf(name)}@acme.test`;
  const { browser } = await atrium.people.memberOf('Acme', email);
  const saved = await browser.fill('/profile/', { display_name: name });
  expect(saved.status).toBe(303);
  expect((await browser.visit('/dashboard/')).at('h1')).toBe(`Welcome ${name}`);
});

test.each(NAMES)('a mail names %s as it was typed', async (name) => {
  const email = `mail-${NAMES.indexOf(name)}@acme.test`;
  const { browser } = await atrium.people.adminOf(name, email);
  await browser.fill('/profile/', { display_name: name });
  const invited = `to-${email}`;
  await browser.fill('/settings/users/', { action: 'invite', email: invited, role: 'member' });
  const mail = await atrium.mails.expect(invited);
  // In a mail a name is broken up where it could be read as an address (U+2060 is not seen).
  expect(plain(mail.subject)).toBe(`${name} invites you to ${name}`);
  expect(plain(mail.text)).toContain(
    `${name} invites you to work together in ${name} on ${brand.name}.`,
  );
});

test('what is refused is quoted as it was typed', async () => {
  const { browser } = await atrium.people.adminOf('Acme', 'quoted@acme.test');
  const typed = { action: 'invite', email: '$t(mail) $t(a{bad)', role: 'member' };
  const refused = await browser.fill('/settings/users/', typed);
  expect(refused.errorOf('email')).toContain('$t(mail) is not an e-mail address.');
  expect(refused.errorOf('email')).toContain('$t(a{bad) is not an e-mail address.');
});

test('an API problem says what it would say to anybody', async () => {
  const { browser } = await atrium.people.adminOf('$t(errors)', 'problem@acme.test');
  await browser.fill('/profile/', { display_name: '$t(a,{bad)' });
  const api = await atrium.api().login('problem@acme.test', PASSWORD);
  const answer = await api.post('/invitations', { email: '$t(mail)@acme.test', role: 'member' });
  expect(answer.status).toBe(422);
  expect(JSON.stringify(answer.body)).toContain('Enter an e-mail address');
});

test.each([
  ['a text', '$t(mail)', '$t(mail)'],
  ['a list', ['$t(mail)', '$t(auth)'], '$t(mail),$t(auth)'],
  ['an object', { toString: () => '$t(mail)' }, '$t(mail)'],
  ['a number', 3, '3'],
  ['nothing', null, ''],
])('%s fills its place and is not executed', (_, name, shown) => {
  const say = () => atrium.app.get(Translator).t('mail.greeting', { name });
  expect(runInContext({ locale: 'en' }, say)).toBe(`Hello ${shown},`);
});

function plain(text: string): string {
  return text.replaceAll('\u2060', '');
}
