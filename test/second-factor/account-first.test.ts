import { jest } from '@jest/globals';
import { Challenges } from '../../src/passkeys/challenges.js';
import { PasskeysRepository } from '../../src/passkeys/passkeys.repository.js';
import { TotpRepository } from '../../src/second-factor/totp.repository.js';
import { UsersRepository } from '../../src/users/users.repository.js';
import { startApp, type TestApp } from '../support/app.js';
import { SoftwareAuthenticator } from '../support/authenticator.js';
import { setUpApp, waiting } from '../support/factors.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());
afterEach(() => jest.restoreAllMocks());

/** Whose account was locked, and what was used up, in this order. */
function watched(): string[] {
  const seen: string[] = [];
  const note = (service: object, name: string, as: string) => {
    const methods = service as Record<string, (...args: unknown[]) => unknown>;
    const original = methods[name]!.bind(service);
    jest.spyOn(methods, name).mockImplementation((...args) => {
      seen.push(as);
      return original(...args);
    });
  };
  note(atrium.app.get(UsersRepository), 'lock', 'account');
  note(atrium.app.get(TotpRepository), 'use', 'code');
  note(atrium.app.get(Challenges), 'use', 'challenge');
  note(atrium.app.get(PasskeysRepository), 'use', 'passkey');
  return seen;
}

// Whoever removes factors or ends sessions has locked the account first: the other way round they would wait
// for each other for ever.
describe('The account is locked before a factor is used up', () => {
  test('when a sign-in is completed and when one confirms by code', async () => {
    const person = await atrium.people.memberOf('Acme', 'code@acme.example');
    const { app } = await setUpApp(atrium, person);
    const browser = await waiting(atrium, person.email, PASSWORD);
    const seen = watched();
    const completed = await browser.fill('/login/second-factor/', { code: await app.next() });
    expect([completed.status, seen.slice(0, 2)]).toEqual([303, ['account', 'code']]);
    seen.length = 0;
    await browser.visit('/confirm/');
    const confirmed = await browser.submit('/confirm/', { code: await app.next() });
    expect([confirmed.status, seen.slice(0, 2)]).toEqual([303, ['account', 'code']]);
  });

  test('when one signs in by passkey', async () => {
    const { browser } = await atrium.people.memberOf('Acme', 'key@acme.example');
    const authenticator = new SoftwareAuthenticator();
    const ask = async (path: string) => (await browser.visit(path)).response.body as never;
    const passkey = authenticator.create(await ask('/profile/passkeys/options/'));
    await browser.visit('/profile/passkeys/new/');
    await browser.submit('/profile/passkeys/', { name: 'Key', passkey });
    const visitor = atrium.browser();
    await visitor.visit('/login/');
    const { body } = (await visitor.visit('/login/passkey/options/')).response;
    await visitor.visit('/login/');
    const seen = watched();
    const answer = authenticator.get(body as never);
    const signedIn = await visitor.submit('/login/passkey/', { passkey: answer });
    const order = ['account', 'challenge', 'passkey'];
    expect([signedIn.status, seen.slice(0, 3)]).toEqual([303, order]);
  });
});
