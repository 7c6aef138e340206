import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

let made = 0;
const member = (): Promise<Person> =>
  atrium.people.memberOf('Acme', `member${++made}@acme.example`);

const isIn = async ({ browser }: Person) => (await browser.visit('/dashboard/')).status === 200;

test('every sign-in gives a new session', async () => {
  const anna = await member();
  const first = anna.browser.cookie('session')!;
  const fresh = atrium.browser();
  fresh.agent.jar.setCookie(`atrium_session=${first}; Path=/`, '127.0.0.1', '/');
  await fresh.visit('/dashboard/');
  await fresh.submit('/logout/');
  // The cookie from before the sign-in is replaced (session fixation).
  fresh.agent.jar.setCookie(`atrium_session=${'A'.repeat(43)}; Path=/`, '127.0.0.1', '/');
  await fresh.fill('/login/', { email: anna.email, password: PASSWORD });
  const second = fresh.cookie('session')!;
  expect(second).toMatch(/^[\w-]{43}$/);
  expect([first, 'A'.repeat(43)]).not.toContain(second);
});

test('the session cookie is HttpOnly and SameSite', async () => {
  const anna = await member();
  const browser = atrium.browser();
  const signedIn = await browser.fill('/login/', { email: anna.email, password: PASSWORD });
  const cookie = [signedIn.response.get('set-cookie') ?? []]
    .flat()
    .find((each) => each.startsWith('atrium_session='));
  expect(cookie).toMatch(/; Path=\/;.*HttpOnly; SameSite=Lax$/i);
});

test('the token of a session is not stored in the database', async () => {
  const anna = await member();
  const cookie = anna.browser.cookie('session')!;
  const tables = await atrium.sql<{ name: string }>(
    `SELECT relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE relkind = 'r' AND nspname IN ('public', 'pgboss')`,
  );
  for (const { name } of tables) {
    const schema = name.startsWith('job') ? 'pgboss' : 'public';
    const [found] = await atrium
      .sql<{
        n: number;
      }>(
        `SELECT count(*)::int AS n FROM ${schema}."${name}" r
         WHERE r::text LIKE '%' || $1 || '%'
            OR r::text LIKE '%' || encode(convert_to($1, 'UTF8'), 'hex') || '%'`,
        [cookie],
      )
      .catch(() => [{ n: 0 }]);
    expect([name, found!.n]).toEqual([name, 0]);
  }
});

test('a session that is not used for two weeks ends', async () => {
  // Two people: being seen after 13 days starts the clock anew, a moment after the answer.
  const seenAfter = async (minutes: number) => {
    const anna = await member();
    await atrium.sql(
      `UPDATE session SET last_seen_at = now() - make_interval(mins => $2) WHERE user_id = $1`,
      [anna.userId, minutes],
    );
    return anna.browser.visit('/dashboard/');
  };
  const twoWeeks = 14 * 24 * 60;
  expect((await seenAfter(twoWeeks - 60)).status).toBe(200);
  const gone = await seenAfter(twoWeeks + 1);
  expect([gone.status, gone.location]).toEqual([302, '/login/?next=%2Fdashboard%2F']);
});

test('a session that is used is extended', async () => {
  const anna = await member();
  await atrium.sql(
    `UPDATE session SET last_seen_at = now() - interval '2 hours' WHERE user_id = $1`,
    [anna.userId],
  );
  expect(await isIn(anna)).toBe(true);
  const seen = async () => {
    const [row] = await atrium.sql<{ isFresh: boolean }>(
      `SELECT bool_or(last_seen_at > now() - interval '1 minute') AS "isFresh"
       FROM session WHERE user_id = $1`,
      [anna.userId],
    );
    return row!.isFresh;
  };
  for (let tries = 0; tries < 50 && !(await seen()); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(await seen()).toBe(true);
});

test('a session ends after its longest time, however much it is used', async () => {
  const anna = await member();
  await atrium.sql(
    `UPDATE session SET expires_at = now() - interval '1 second' WHERE user_id = $1`,
    [anna.userId],
  );
  expect(await isIn(anna)).toBe(false);
  const [kept] = await atrium.sql<{ days: number }>(
    `SELECT round(extract(epoch FROM expires_at - created_at) / 86400)::int AS days
     FROM session WHERE user_id = $1`,
    [(await member()).userId],
  );
  expect(kept!.days).toBe(60);
});

test('signing out ends the session, also for a copy of its cookie', async () => {
  const anna = await member();
  const cookie = anna.browser.cookie('session')!;
  await anna.browser.visit('/dashboard/');
  const out = await anna.browser.submit('/logout/');
  expect([out.status, out.location]).toEqual([303, '/']);
  expect(anna.browser.cookie('session')).toBeUndefined();

  const thief = atrium.browser();
  thief.agent.jar.setCookie(`atrium_session=${cookie}; Path=/`, '127.0.0.1', '/');
  expect((await thief.visit('/dashboard/')).location).toBe('/login/?next=%2Fdashboard%2F');
});

test('signing out is a form, never a link', async () => {
  const anna = await member();
  for (const path of ['/logout/', '/logout']) {
    const answer = await anna.browser.visit(path);
    expect([answer.status, answer.response.get('allow')]).toEqual([405, 'POST']);
  }
  expect(await isIn(anna)).toBe(true);
});

test('signing out without a token is refused', async () => {
  const anna = await member();
  const answer = await anna.browser.agent.post('/logout/').ok(() => true);
  expect(answer.status).toBe(419);
  expect(await isIn(anna)).toBe(true);
});

test('a closed or deleted account is signed out at once', async () => {
  for (const change of ['is_active = false', 'deleted_at = now()']) {
    const anna = await member();
    await atrium.sql(`UPDATE users SET ${change} WHERE id = $1`, [anna.userId]);
    expect(await isIn(anna)).toBe(false);
  }
});

test.each(['', 'x', 'A'.repeat(43), 'A'.repeat(5_000), '%00', 'j:{"a":1}', 'j:[]', "' OR 1=1 --"])(
  'the cookie "%s" opens nothing',
  async (cookie) => {
    const names = ['session', 'csrf', 'flash', 'lang', 'theme'];
    const header = names.map((name) => `atrium_${name}=${cookie}`).join('; ');
    const answer = await atrium
      .browser()
      .agent.get('/')
      .set('Cookie', header)
      .ok(() => true);
    expect([200, 431]).toContain(answer.status);
  },
);

test.each([
  { kind: 'success', key: 'auth.flash' },
  { kind: 'success', key: 'users.flash.email_changed', args: 5 },
  { kind: 'success', key: 'users.flash.email_changed', args: { email: { a: [null] } } },
  { kind: 'success', key: 'layout.form.summary', args: { count: 'x' } },
  { kind: 'success', key: 'constructor.prototype' },
  { kind: ['success'], key: 'users.flash.email_changed' },
  null,
])('a message somebody made up (%j) breaks nothing', async (flash) => {
  const value = Buffer.from(JSON.stringify(flash)).toString('base64url');
  const answer = await atrium
    .browser()
    .agent.get('/')
    .set('Cookie', `atrium_flash=${value}`)
    .ok(() => true);
  expect(answer.status).toBe(200);
});
