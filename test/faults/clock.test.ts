import { SigningKeys } from '../../src/users/access-tokens/signing-keys.js';
import { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD, type Person } from '../support/people.js';
import { inTime } from '../support/waiting.js';

const HOUR = 3_600_000;
const RealDate = Date;

/** Offset of the application's clock from the database's, in ms. */
function jump(offset: number): void {
  globalThis.Date = class extends RealDate {
    constructor(...given: unknown[]) {
      super(...((given.length > 0 ? given : [RealDate.now() + offset]) as [number]));
    }
    static override now = () => RealDate.now() + offset;
  } as DateConstructor;
}

let atrium: TestApp;
let anna: Person;
let client: ApiClient;
beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  client = await atrium.api().login(anna.email, PASSWORD);
});
afterEach(() => jump(0));
afterAll(async () => {
  globalThis.Date = RealDate;
  await atrium.stop();
});

/** Signed in before, one is still signed in; one can sign in, sign out, and mail arrives. */
async function lifeGoesOn(name: string): Promise<void> {
  expect((await anna.browser.visit('/dashboard/')).status).toBe(200);
  const { browser } = await inTime(5, atrium.people.newcomer(`${name}@acme.test`));
  await atrium.mails.expect(`${name}@acme.test`);
  const again = await atrium.api().login(anna.email, PASSWORD);
  expect((await again.get('/me')).status).toBe(200);
  await browser.visit('/profile/complete/');
  expect((await browser.submit('/logout/')).status).toBe(303);
  expect((await browser.visit('/profile/complete/')).location).toContain('/login/');
}

test('the clock jumps an hour ahead: tokens are renewed, sessions continue, jobs run', async () => {
  jump(HOUR);
  await lifeGoesOn('ahead');
  const expired = await client.get('/me');
  expect([expired.status, expired.get('www-authenticate')]).toEqual([
    401,
    expect.stringContaining('invalid_token'),
  ]);
  const { refresh_token } = client.tokens!;
  const renewed = await client.post('/auth/refresh', { refresh_token });
  expect(renewed.status).toBe(200);
  client.tokens = renewed.body as typeof client.tokens;
  expect((await client.get('/me')).status).toBe(200);
});

test('it jumps back: nobody is signed out, and a token from the future still ends with its session', async () => {
  jump(HOUR);
  const ahead = await atrium.api().login(anna.email, PASSWORD);
  jump(0);
  expect((await ahead.get('/me')).status).toBe(200);
  jump(-HOUR);
  expect((await ahead.get('/me')).status).toBe(200);
  await lifeGoesOn('behind');
  expect((await ahead.post('/auth/logout')).status).toBe(204);
  expect((await ahead.get('/me')).status).toBe(401);
});

test('it jumps back while the keys of another process are unknown here: its tokens are known at once', async () => {
  const other = await atrium.replica();
  try {
    jump(HOUR);
    await client.get('/.well-known/jwks.json');
    jump(0);
    await other.app.get(SigningKeys).rotate();
    const elsewhere = await new ApiClient(other.server).login(anna.email, PASSWORD);
    client.tokens = elsewhere.tokens;
    expect((await inTime(5, client.get('/me'))).status).toBe(200);
  } finally {
    await other.stop();
  }
});

test('an idle session ends by the clock of the database, whatever the process takes for the time', async () => {
  jump(-HOUR);
  await atrium.sql(`UPDATE session SET last_seen_at = now() - interval '15 days'`);
  expect((await anna.browser.visit('/dashboard/')).location).toContain('/login/');
});
