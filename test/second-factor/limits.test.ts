import { startApp, type TestApp } from '../support/app.js';
import { setUpApp } from '../support/factors.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
// As in production. Every browser of a test has the same address, which has limits of its own.
beforeAll(async () => void (atrium = await startApp({ RATE_LIMIT_MULTIPLIER: '1' })));
afterAll(() => atrium.stop());

/** Forgets what was counted for the address. */
const fromElsewhere = () => atrium.sql(`DELETE FROM rate_limit WHERE key LIKE '%address%'`);

const guess = (person: Person, code: string) => person.browser.post('/confirm/', { code });

test('of twenty-one proofs of one person in an hour the last is not looked at, even the right one', async () => {
  const person = await atrium.people.memberOf('Acme', 'guessed@acme.example');
  const { app, recoveryCodes } = await setUpApp(atrium, person);
  for (let turn = 0; turn < 20; turn++) {
    expect([turn, (await guess(person, app.wrong())).status]).toEqual([turn, 422]);
  }
  await fromElsewhere();
  expect((await guess(person, await app.next())).status).toBe(429);
  const client = await atrium.api().post('/auth/login', {
    ...{ email: person.email, password: PASSWORD },
  });
  const token = client.body.second_factor_token as string;
  const recovery_code = recoveryCodes[0]!;
  const tried = await atrium.api().post('/auth/second-factor', { token, recovery_code });
  expect(tried.status).toBe(429);
});

test('a proof that is accepted does not count', async () => {
  const person = await atrium.people.memberOf('Acme', 'right@acme.example');
  const { app } = await setUpApp(atrium, person);
  for (let turn = 0; turn < 22; turn++) {
    await fromElsewhere();
    expect([turn, (await guess(person, await app.next())).status]).toEqual([turn, 303]);
  }
});
