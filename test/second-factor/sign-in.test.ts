import { startApp, type TestApp } from '../support/app.js';
import { setUpApp, waiting, type WithFactor } from '../support/factors.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';

const PAGE = '/login/second-factor/';

let atrium: TestApp;
let anna: Person;
let annas: WithFactor;

beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.memberOf('Acme', 'anna@acme.example');
  annas = await setUpApp(atrium, anna);
});
afterAll(() => atrium.stop());

const sessionsOf = async (email: string) => {
  const rows = await atrium.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM session s JOIN users u ON u.id = s.user_id
     WHERE u.email = $1 AND s.ended_at IS NULL`,
    [email],
  );
  return rows[0]!.count;
};

/** Another person with an app. */
async function somebody(email: string): Promise<WithFactor & { person: Person }> {
  const person = await atrium.people.memberOf('Acme', email);
  return { person, ...(await setUpApp(atrium, person)) };
}

test('a password alone opens nothing: the sign-in waits for the code', async () => {
  const before = await sessionsOf(anna.email);
  const browser = await waiting(atrium, anna.email, PASSWORD);
  expect(await sessionsOf(anna.email)).toBe(before);
  expect((await browser.visit('/dashboard/')).location).toContain('/login/');

  const wrong = await browser.fill(PAGE, { code: annas.app.wrong() });
  expect([wrong.status, wrong.errorOf('code')]).toEqual([
    422,
    expect.stringContaining('not right'),
  ]);
  const right = await browser.fill(PAGE, { code: await annas.app.next() });
  expect([right.status, right.location]).toEqual([303, '/dashboard/']);
  expect((await browser.arrive('/profile/second-factor/')).text).toContain('10 codes left');
});

test('the list of sessions says what each was opened with', async () => {
  const browser = await waiting(atrium, anna.email, PASSWORD);
  await browser.fill(PAGE, { code: await annas.app.next() });
  const { text } = await browser.visit('/profile/security/');
  expect(text).toMatch(/Logged in with:\s+Password,\s+Authenticator app/);
});

test('one arrives where one wanted to go', async () => {
  const browser = atrium.browser();
  const asked = await browser.fill('/login/', {
    ...{ email: anna.email, password: PASSWORD, next: '/profile/?tab=2' },
  });
  expect(asked.location).toBe(`${PAGE}?next=%2Fprofile%2F%3Ftab%3D2`);
  const page = await browser.visit(asked.location!);
  expect(page.status).toBe(200);
  const sent = await browser.submit(PAGE, { code: await annas.app.next() });
  expect(sent.location).toBe('/profile/?tab=2');
});

test('a session says how it was authenticated', async () => {
  const [session] = await atrium.sql<{ assurance: number; methods: string[] }>(
    `SELECT assurance, methods FROM session WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1`,
    [anna.userId],
  );
  expect(session).toEqual({ assurance: 2, methods: ['password', 'totp'] });
});

test('a code is accepted once', async () => {
  const code = await annas.app.next();
  const [first, second] = await Promise.all([
    waiting(atrium, anna.email, PASSWORD),
    waiting(atrium, anna.email, PASSWORD),
  ]);
  expect((await first.fill(PAGE, { code })).status).toBe(303);
  expect((await second.fill(PAGE, { code })).status).toBe(422);
});

test('codes of the step before and after are accepted, others are not', async () => {
  const { app, person } = await somebody('drift@acme.example');
  for (const [steps, status] of [
    [-2, 422],
    [2, 422],
    [-1, 303],
    [1, 303],
  ] as const) {
    await app.next();
    const browser = await waiting(atrium, person.email, PASSWORD);
    expect([steps, (await browser.fill(PAGE, { code: app.shows(steps) })).status]).toEqual([
      steps,
      status,
    ]);
  }
});

test('of a burst of 100 codes five are looked at, and the sign-in is over', async () => {
  const { app, person } = await somebody('burst@acme.example');
  const browser = await waiting(atrium, person.email, PASSWORD);
  await browser.visit(PAGE);
  const code = app.wrong();
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => browser.submit(PAGE, { code })),
  );
  expect(answers.filter(({ status }) => status === 422)).toHaveLength(5);
  const refused = await atrium.sql(
    `SELECT 1 FROM audit_entry WHERE action = 'second_factor.refused' AND subject_id = $1`,
    [person.userId],
  );
  expect(refused).toHaveLength(5);
  const late = await browser.post(PAGE, { code: await app.next() });
  expect([late.status, late.location]).toEqual([303, '/login/']);
  expect((await browser.follow(late)).text).toContain('Start again');
});

test('eight verifications at once of one sign-in make one session', async () => {
  const { app, person } = await somebody('eight@acme.example');
  const browser = await waiting(atrium, person.email, PASSWORD);
  const before = await sessionsOf(person.email);
  await browser.visit(PAGE);
  const code = await app.next();
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => browser.submit(PAGE, { code })),
  );
  const opened = answers.filter(({ location }) => location === '/dashboard/');
  expect(opened).toHaveLength(1);
  expect(await sessionsOf(person.email)).toBe(before + 1);
});

test('a recovery code works once, also of eight at once, and the person is told', async () => {
  const { recoveryCodes, person } = await somebody('recovery@acme.example');
  expect(new Set(recoveryCodes).size).toBe(10);
  const browsers = await Promise.all(
    Array.from({ length: 8 }, () => waiting(atrium, person.email, PASSWORD)),
  );
  const before = await sessionsOf(person.email);
  const recovery_code = recoveryCodes[3]!.toLowerCase().replaceAll('-', ' ');
  const answers = await Promise.all(
    browsers.map((browser) => browser.fill(PAGE, { recovery_code })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array<number>(7).fill(422)]);
  expect(await sessionsOf(person.email)).toBe(before + 1);
  const mail = await atrium.mails.expect(person.email, /A recovery code was used/);
  expect(mail.text).toContain('9 codes are left');
});

test('a waiting sign-in belongs to its browser, ends after ten minutes, and with a new password', async () => {
  const { app, person } = await somebody('bound@acme.example');
  const browser = await waiting(atrium, person.email, PASSWORD);
  const stranger = atrium.browser();
  expect((await stranger.visit(PAGE)).location).toBe('/login/');

  await atrium.sql(
    `UPDATE pending_sign_in SET created_at = created_at - interval '11 minutes',
       expires_at = expires_at - interval '11 minutes' WHERE user_id = $1`,
    [person.userId],
  );
  expect((await browser.visit(PAGE)).location).toBe('/login/');

  const next = await waiting(atrium, person.email, PASSWORD);
  await atrium.sql('UPDATE users SET email_verified_at = now() WHERE id = $1', [person.userId]);
  await atrium.browser().fill('/password-reset/', { email: person.email });
  const link = linkIn(await atrium.mails.expect(person.email, /asked for a new password/));
  await atrium.browser().fill(link, { password: 'velvet harbour comet' });
  const late = await next.visit(PAGE);
  expect(late.location).toBe('/login/');

  const again = await waiting(atrium, person.email, 'velvet harbour comet');
  expect((await again.fill(PAGE, { code: await app.next() })).status).toBe(303);
});

test('through the API a sign-in waits too, and a refresh keeps what was shown', async () => {
  const { app, person } = await somebody('api@acme.example');
  const client = atrium.api();
  const refused = await client.post('/auth/login', { email: person.email, password: PASSWORD });
  expect([refused.status, refused.body]).toEqual([
    401,
    expect.objectContaining({
      type: 'http://atrium.test/problems/second-factor-required',
      second_factors: ['totp'],
      expires_in: 600,
    }),
  ]);
  const { second_factor_token: token } = refused.body as { second_factor_token: string };
  const wrong = await client.post('/auth/second-factor', { token, code: app.wrong() });
  expect(wrong.status).toBe(401);
  const right = await client.post('/auth/second-factor', { token, code: await app.next() });
  expect(right.status).toBe(200);
  const { refresh_token } = right.body as { refresh_token: string };
  expect((await client.post('/auth/refresh', { refresh_token })).status).toBe(200);
  const [session] = await atrium.sql<{ assurance: number }>(
    `SELECT assurance FROM session WHERE user_id = $1 AND kind = 'api'`,
    [person.userId],
  );
  expect(session).toEqual({ assurance: 2 });
  const spent = await client.post('/auth/second-factor', { token, code: await app.next() });
  expect(spent.status).toBe(410);
});

test('the API names what is no answer of a passkey, and its document has all second factors', async () => {
  const { body } = await atrium.api().post('/auth/login', {
    ...{ email: anna.email, password: PASSWORD },
  });
  const token = (body as { second_factor_token: string }).second_factor_token;
  const answer = await atrium.api().post('/auth/second-factor', { token, passkey: '{}' });
  expect([answer.status, answer.body.errors]).toEqual([
    422,
    [expect.objectContaining({ pointer: '/passkey' })],
  ]);
  const { schemas } = ((await atrium.api().get('/api/openapi.json')).body as Document).components;
  for (const name of ['SecondFactorDto', 'StepUpDto']) {
    const fields = Object.keys(schemas[name]!.properties);
    expect(fields).toEqual(expect.arrayContaining(['code', 'recovery_code', 'passkey']));
  }
});

interface Document {
  components: { schemas: Record<string, { properties: object }> };
}

test('an invitation that is accepted by password waits for the code, and stays open until then', async () => {
  const admin = await atrium.people.adminOf('Beta', 'boss@beta.example');
  const bert = await atrium.people.newcomer('bert@beta.example');
  const { app } = await setUpApp(atrium, bert);
  await admin.browser.fill('/settings/users/', { email: bert.email, role: 'member' });
  const token = linkIn(await atrium.mails.expect(bert.email, /Beta/))
    .split('/')
    .at(-2)!;
  const client = atrium.api();
  const refused = await client.post('/invitations/accept', { token, password: PASSWORD });
  expect(refused.body).toMatchObject({
    status: 401,
    type: 'http://atrium.test/problems/second-factor-required',
  });
  expect(
    await atrium.sql(`SELECT 1 FROM invitation WHERE email = $1 AND state = 'pending'`, [
      bert.email,
    ]),
  ).toHaveLength(1);
  const { second_factor_token } = refused.body as { second_factor_token: string };
  const body = { token: second_factor_token, code: await app.next() };
  client.tokens = (await client.post('/auth/second-factor', body)).body as never;
  expect((await client.post('/invitations/accept', { token })).status).toBe(200);
});
