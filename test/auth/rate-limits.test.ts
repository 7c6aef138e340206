import { startApp, type TestApp } from '../support/app.js';
import { Browser } from '../support/browser.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => {
  atrium = await startApp({ RATE_LIMIT_MULTIPLIER: '1' });
  await atrium.people.memberOf('Acme', 'anna@acme.example');
});
beforeEach(() => atrium.sql('DELETE FROM rate_limit'));
afterAll(() => atrium.stop());

const guess = (email: string, browser = atrium.browser()) =>
  browser.fill('/login/', { email, password: 'not the password' });

test('the eleventh guess at one account within five minutes is refused, also the right one', async () => {
  for (let n = 1; n <= 10; n++) expect((await guess('anna@acme.example')).status).toBe(422);
  const browser = atrium.browser().with('Accept-Language', 'nl');
  const refused = await browser.fill('/login/', { email: 'anna@acme.example', password: PASSWORD });
  expect([refused.status, refused.at('h1')]).toEqual([429, 'Dat ging iets te snel']);
  const seconds = Number(refused.response.get('retry-after'));
  expect(seconds).toBeGreaterThan(200);
  expect(seconds).toBeLessThanOrEqual(300);
  expect(refused.document.querySelector('header.topbar')).not.toBeNull();
  expect((await guess('bert@acme.example')).status).toBe(422);
});

test('another spelling of the address is the same account', async () => {
  const spellings = ['anna@acme.example', 'ANNA@acme.example', ' anna@ACME.example '];
  for (let n = 0; n < 10; n++) await guess(spellings[n % 3]!);
  expect((await guess('Anna@Acme.Example')).status).toBe(429);
});

test('a field sent twice does not slip past', async () => {
  for (let n = 0; n < 11; n++) {
    const browser = atrium.browser();
    const token = await browser.token();
    const answer = await browser.agent
      .post('/login/')
      .type('form')
      .send(`_csrf=${token}&email=x${n}@x.example&email=anna@acme.example&password=nope`)
      .ok(() => true);
    expect(answer.status).toBe(n < 10 ? 422 : 429);
  }
});

test('the wait ends', async () => {
  for (let n = 0; n < 11; n++) await guess('anna@acme.example');
  await atrium.sql(`UPDATE rate_limit SET resets_at = now() - interval '1 second'`);
  expect((await guess('anna@acme.example')).status).toBe(422);
});

test('one address may not try many accounts without end', async () => {
  await atrium.sql('DELETE FROM rate_limit');
  const statuses: number[] = [];
  const browser = atrium.browser();
  await browser.visit('/login/');
  for (let n = 0; n < 61; n++) {
    const answer = await browser.agent
      .post('/login/')
      .type('form')
      .send({ _csrf: await cachedToken(browser), email: `n${n}@x.example`, password: 'nope nope' })
      .ok(() => true);
    statuses.push(answer.status);
  }
  expect(statuses.slice(0, 60)).toEqual(Array<number>(60).fill(422));
  expect(statuses[60]).toBe(429);
});

const tokens = new WeakMap<Browser, string>();
async function cachedToken(browser: Browser): Promise<string> {
  const token = tokens.get(browser) ?? (await browser.token());
  tokens.set(browser, token);
  return token;
}

test('guessing the password inside a session is no cheaper', async () => {
  const { browser } = await atrium.people.signedIn('anna@acme.example');
  await browser.visit('/profile/');
  for (let n = 0; n < 10; n++) {
    const values = { current_password: `guess ${n}`, new_password: 'copper window violin' };
    expect((await browser.submit('/profile/password/', values)).status).toBe(422);
  }
  const refused = await browser.submit('/profile/password/', {
    current_password: PASSWORD,
    new_password: 'copper window violin',
  });
  expect(refused.status).toBe(429);
});

test('reset mails to one address are few', async () => {
  const asked = async () =>
    (await atrium.browser().fill('/password-reset/', { email: 'anna@acme.example' })).status;
  for (let n = 0; n < 5; n++) expect(await asked()).toBe(303);
  expect(await asked()).toBe(429);
});

test('replicas count together', async () => {
  const replica = await atrium.replica();
  try {
    for (let n = 0; n < 10; n++) {
      const browser = n % 2 ? atrium.browser() : new Browser(replica.server);
      expect((await guess('carol@acme.example', browser)).status).toBe(422);
    }
    const other = new Browser(replica.server);
    expect((await guess('carol@acme.example', other)).status).toBe(429);
  } finally {
    await replica.stop();
  }
});
