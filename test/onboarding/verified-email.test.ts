import { startApp, type TestApp } from '../support/app.js';
import { linkIn } from '../support/mailbox.js';
import { ApiClient } from '../support/api.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp({ REQUIRE_VERIFIED_EMAIL: 'true' })));
afterAll(() => atrium.stop());

let made = 0;
const newcomer = (): Promise<Person> => atrium.people.newcomer(`new${++made}@acme.example`);

const WAITING = '/email/verify/?next=%2Fprofile%2F';

test('where verified addresses are asked for, nobody goes on without one', async () => {
  const { browser, email } = await newcomer();
  expect((await browser.visit('/profile/')).location).toBe('/profile/complete/?next=%2Fprofile%2F');
  await browser.visit('/profile/complete/?next=/profile/');
  expect((await browser.submit('/profile/complete/', {})).location).toBe(WAITING);
  expect((await browser.visit('/profile/')).location).toBe(WAITING);

  const page = await browser.visit(WAITING);
  expect([page.status, page.at('h1')]).toEqual([200, 'Confirm your e-mail address']);
  expect(page.text).toContain(`We sent a link to ${email}.`);
  expect(page.document.querySelector('main a.btn')?.getAttribute('href')).toBe('/profile/');

  const sent = await browser.submit('/email/verify/resend/');
  expect([sent.status, sent.location]).toEqual([303, WAITING]);
  expect((await browser.follow(sent)).text).toContain(`We sent a new link to ${email}`);

  const link = linkIn(await atrium.mails.expect(email, /confirm/i, 2));
  expect((await browser.press(link)).status).toBe(303);
  const onwards = await browser.visit(WAITING);
  expect([onwards.status, onwards.location]).toEqual([303, '/profile/']);
  expect((await browser.visit('/profile/')).location).toBe(
    '/onboarding/create-tenant/?next=%2Fprofile%2F',
  );
});

test('the organisation cannot be made first', async () => {
  const { browser, userId } = await newcomer();
  await browser.post('/profile/complete/', { skip: '1' });
  const shown = await browser.visit('/onboarding/create-tenant/?next=/profile/');
  expect([shown.status, shown.location]).toEqual([303, WAITING]);
  const posted = await browser.post('/onboarding/create-tenant/', {
    organization: 'Too early',
    next: '/profile/',
  });
  expect([posted.status, posted.location]).toEqual([303, WAITING]);
  const [row] = await atrium.sql(
    'SELECT tenant_id AS tenant FROM user_profile WHERE user_id = $1',
    [userId],
  );
  expect(row).toEqual({ tenant: null });
});

test('who waits may still sign out, and choose language and theme', async () => {
  const { browser } = await newcomer();
  await browser.post('/profile/complete/', { skip: '1' });
  expect((await browser.post('/theme/set/', { theme: 'night' })).status).toBe(200);
  expect((await browser.post('/i18n/setlang/', { language: 'fr-be' })).status).toBe(303);
  const page = await browser.visit('/email/verify/');
  expect(page.at('h1')).toBe('Confirmez votre adresse e-mail');
  expect((await browser.submit('/logout/')).location).toBe('/');
});

test('a member whose address is not verified waits too', async () => {
  const { browser, userId } = await atrium.people.memberOf('Acme', 'member@acme.example');
  expect((await browser.visit('/dashboard/')).location).toBe('/email/verify/?next=%2Fdashboard%2F');
  await atrium.sql('UPDATE users SET email_verified_at = now() WHERE id = $1', [userId]);
  expect((await browser.visit('/dashboard/')).status).toBe(200);
});

test('a destination on another site is not taken along', async () => {
  const { browser } = await newcomer();
  const page = await browser.visit('/email/verify/?next=//evil.example');
  expect(page.document.querySelector('main a.btn')?.getAttribute('href')).toBe('/dashboard/');
});

test('nor through the API', async () => {
  const { email, browser } = await newcomer();
  await browser.visit('/profile/complete/');
  await browser.submit('/profile/complete/', {});
  const client = await new ApiClient(atrium.server).login(email, PASSWORD);
  const refused = await client.post('/onboarding/tenant', { organization: 'Too early' });
  expect(refused.status).toBe(409);
  expect((await client.get('/me')).body).toMatchObject({ onboarding: { next_step: 'email' } });
});
