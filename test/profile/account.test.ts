import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

let made = 0;
async function member(): Promise<Person> {
  const anna = await atrium.people.memberOf('Acme', `member${++made}@acme.example`);
  // Deletes the session of the registration.
  await atrium.sql(
    `DELETE FROM session WHERE user_id = $1 AND id <> (SELECT id FROM session WHERE user_id = $1
       ORDER BY created_at DESC LIMIT 1)`,
    [anna.userId],
  );
  return anna;
}

const isIn = async ({ browser }: Person) => (await browser.visit('/dashboard/')).status === 200;

const sessionOf = async ({ userId }: Person): Promise<string> => {
  const [row] = await atrium.sql<{ id: string }>(
    'SELECT id FROM session WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1',
    [userId],
  );
  return row!.id;
};

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

test('people see where they are signed in, and end one of them', async () => {
  const anna = await member();
  const other = { ...anna, browser: atrium.browser().with('User-Agent', FIREFOX) };
  await other.browser.fill('/login/', { email: anna.email, password: PASSWORD });
  const id = await sessionOf(anna);

  const page = await anna.browser.visit('/profile/security/');
  const rows = page.document.querySelectorAll('#sessions li, [aria-labelledby] ul.divide-y li');
  expect(page.text).toContain('Firefox on Linux');
  expect(page.text).toContain('127.0.0.1');
  expect(rows.length === 0 || rows.length === 2).toBe(true);
  expect(page.response.text.split('This device')).toHaveLength(2);

  const ended = await anna.browser.submit(`/profile/sessions/${id}/revoke/`);
  expect([ended.status, ended.location]).toEqual([303, '/profile/security/']);
  expect(await isIn(other)).toBe(false);
  expect(await isIn(anna)).toBe(true);
  expect((await anna.browser.visit('/profile/security/')).text).not.toContain('Firefox on Linux');
});

test('somebody else’s session does not exist, and lives on', async () => {
  const [anna, bert] = [await member(), await member()];
  for (const id of [await sessionOf(bert), '00000000-0000-4000-8000-000000000000', 'x', '%00']) {
    const answer = await anna.browser.post(`/profile/sessions/${id}/revoke/`);
    expect([id, answer.status, answer.at('h1')]).toEqual([id, 404, 'There is nothing here']);
  }
  expect(await isIn(bert)).toBe(true);
});

test('all the others end at once, this one stays', async () => {
  const anna = await member();
  const others = [
    await atrium.people.signedIn(anna.email),
    await atrium.people.signedIn(anna.email),
  ];
  const stranger = await member();
  await anna.browser.visit('/profile/security/');
  const ended = await anna.browser.submit('/profile/sessions/revoke-others/');
  expect(ended.status).toBe(303);
  expect((await anna.browser.follow(ended)).text).toContain('other devices are logged out');
  for (const other of others) expect(await isIn(other)).toBe(false);
  expect(await isIn(anna)).toBe(true);
  expect(await isIn(stranger)).toBe(true);
});

test('people take along everything that is kept about them, and nothing of others', async () => {
  const anna = await member();
  await member();
  await anna.browser.fill('/profile/', { display_name: 'Anna', timezone: 'Europe/Brussels' });
  await anna.browser.visit('/profile/data/');
  const { response } = await anna.browser.submit('/profile/export/');
  expect(response.status).toBe(200);
  expect(response.get('content-type')).toMatch(/^application\/json/);
  expect(response.get('content-disposition')).toMatch(/^attachment; filename="/);
  expect(response.get('cache-control')).toContain('no-store');
  expect(response.body).toMatchObject({
    account: { email: anna.email },
    profile: { display_name: 'Anna', timezone: 'Europe/Brussels' },
    organisation: { name: 'Acme', role: 'member' },
    sessions: [{ ip: '127.0.0.1' }],
  });
  expect(response.text).not.toMatch(/hash|token|\$2b\$/);
  expect(response.text.match(/member\d+@/g)).toEqual([anna.email.split('acme')[0]]);
});

test('somebody closes their account, and cannot sign in any more', async () => {
  const anna = await member();
  const other = await atrium.people.signedIn(anna.email);
  await anna.browser.visit('/profile/data/');
  const wrong = await anna.browser.submit('/profile/deactivate/', { password: 'not the password' });
  expect([wrong.status, wrong.text]).toEqual([
    422,
    expect.stringContaining('not your current password'),
  ]);
  expect(wrong.document.querySelector('#deactivate.modal-open')).not.toBeNull();
  expect(await isIn(anna)).toBe(true);

  await anna.browser.visit('/profile/data/');
  const closed = await anna.browser.submit('/profile/deactivate/', { password: PASSWORD });
  expect([closed.status, closed.location]).toEqual([303, '/']);
  expect((await anna.browser.follow(closed)).response.text).toContain('Your account is closed');
  for (const person of [anna, other]) expect(await isIn(person)).toBe(false);
  const again = await atrium.browser().fill('/login/', { email: anna.email, password: PASSWORD });
  expect([again.status, again.at('[role="alert"]')]).toEqual([
    422,
    'The e-mail address or the password is not right.',
  ]);
  const [kept] = await atrium.sql(
    'SELECT count(*)::int AS n FROM users u JOIN user_profile p ON p.user_id = u.id WHERE u.id = $1',
    [anna.userId],
  );
  expect(kept).toEqual({ n: 1 });
});

test('the only admin among others stays; alone, or with another admin, they may go', async () => {
  const boss = await atrium.people.adminOf('Globex', 'boss@globex.example');
  const worker = await atrium.people.memberOf('Globex', 'worker@globex.example');
  const close = async ({ browser }: Person) => {
    await browser.visit('/profile/data/');
    return browser.submit('/profile/deactivate/', { password: PASSWORD });
  };
  const refused = await close(boss);
  expect([refused.status, refused.text]).toEqual([
    422,
    expect.stringContaining('You are the only admin.'),
  ]);
  expect(await isIn(boss)).toBe(true);

  const gone = await atrium.people.adminOf('Globex', 'gone@globex.example');
  await atrium.sql('UPDATE users SET is_active = false WHERE id = $1', [gone.userId]);
  expect((await close(boss)).status).toBe(422);

  await atrium.people.adminOf('Globex', 'second@globex.example');
  expect((await close(boss)).status).toBe(303);
  expect((await close(worker)).status).toBe(303);

  const alone = await atrium.people.adminOf('Initech', 'alone@initech.example');
  expect((await close(alone)).status).toBe(303);
});

test('two admins who leave at once do not leave the others without one', async () => {
  const admins = [
    await atrium.people.adminOf('Umbrella', 'a@umbrella.example'),
    await atrium.people.adminOf('Umbrella', 'b@umbrella.example'),
  ];
  await atrium.people.memberOf('Umbrella', 'c@umbrella.example');
  for (const { browser } of admins) await browser.visit('/profile/data/');
  const answers = await Promise.all(
    admins.map(({ browser }) => browser.submit('/profile/deactivate/', { password: PASSWORD })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
});
