import type { Principal } from '../../src/core/context/principal.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { InvitationsService } from '../../src/members/invitations/invitations.service.js';
import { apiScopes } from '../../src/core/features/registry.js';
import { startApp, type TestApp } from '../support/app.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
let root: Person;
beforeAll(async () => {
  atrium = await startApp();
  root = await atrium.people.staff('root@atrium.test', true);
});
afterAll(() => atrium.stop());

async function close({ browser }: Person) {
  await browser.visit('/profile/data/');
  return browser.submit('/profile/deactivate/', { password: PASSWORD });
}

/** Confirms a question and follows the redirect. */
async function does(path: string) {
  return root.browser.follow(await root.browser.fill(path));
}

async function invite({ browser }: Person, email: string): Promise<string> {
  await browser.visit('/settings/users/');
  await browser.submit('/settings/users/', { email, role: 'member' });
  return linkIn(await atrium.mails.expect(email));
}

const tenantOf = async ({ tenantId }: Person) =>
  (
    await atrium.sql(
      'SELECT is_active, closed_at IS NOT NULL AS closed FROM tenant WHERE id = $1',
      [tenantId],
    )
  )[0];

test('who is alone closes the organisation with the account: told before and after, and nothing opens it', async () => {
  const founder = await atrium.people.adminOf('Ketje', 'emma@ketje.test');
  const key = await atrium.people.keyOf('Ketje', apiScopes());
  const machine = atrium.api().showing(key);
  expect((await machine.get('/members')).status).toBe(200);
  const link = await invite(founder, 'nele@ketje.test');
  await atrium.sql(
    `INSERT INTO tenant_export (tenant_id, requested_by_name, state, storage_key, expires_at)
     VALUES ($1, 'Emma', 'ready', 'a/b.zip', now() + interval '7 days')`,
    [founder.tenantId],
  );

  const profile = await founder.browser.visit('/profile/data/');
  expect(profile.at('#deactivate')).toContain(
    'Nobody else is active in Ketje, so the organisation is closed as well',
  );
  const closed = await close(founder);
  expect([closed.status, closed.location]).toEqual([303, '/']);
  expect(await tenantOf(founder)).toEqual({ is_active: false, closed: true });

  const mail = await atrium.mails.expect('emma@ketje.test', /closed/);
  expect(mail.subject).toBe('Ketje is closed');
  expect(mail.text).toContain('its API keys no longer work');

  const opened = await atrium.browser().visit(link);
  expect([opened.status, opened.at('h1')]).toEqual([400, 'This link no longer works']);
  for (const [method, path] of [
    ['GET', '/members'],
    ['GET', '/tenant'],
    ['POST', '/invitations'],
  ] as const) {
    const body = method === 'POST' ? { email: 'x@ketje.test', role: 'admin' } : undefined;
    expect((await machine.send(method, path, body)).status).toBe(401);
  }
  const left = await atrium.sql(
    `SELECT (SELECT count(*)::int FROM api_key k WHERE k.tenant_id = $1 AND revoked_at IS NULL) AS keys,
       (SELECT count(*)::int FROM invitation i WHERE i.tenant_id = $1 AND state = 'pending') AS invitations,
       (SELECT count(*)::int FROM tenant_export e WHERE e.tenant_id = $1 AND expires_at > now()) AS exports,
       (SELECT count(*)::int FROM session s JOIN user_profile p USING (user_id)
         WHERE p.tenant_id = $1 AND ended_at IS NULL) AS sessions`,
    [founder.tenantId],
  );
  expect(left).toEqual([{ keys: 0, invitations: 0, exports: 0, sessions: 0 }]);
  const [entry] = await atrium.sql(
    `SELECT subject_name FROM audit_entry WHERE action = 'tenant.closed' AND tenant_id = $1`,
    [founder.tenantId],
  );
  expect(entry).toEqual({ subject_name: 'Ketje' });
});

test('an admin whose request is under way when the organisation closes invites nobody', async () => {
  const anna = await atrium.people.adminOf('Late', 'anna@late.test');
  await atrium.sql('UPDATE tenant SET closed_at = now() WHERE id = $1', [anna.tenantId]);
  const { tenantId, userId, profileId } = anna;
  const me = { tenantId, userId, profileId, impersonator: null } as unknown as Principal;
  const invitation = runInContext({ tenantId, actorId: userId }, () =>
    atrium.app.get(InvitationsService).inviteAddress(me, 'ben@late.test', 'member'),
  );
  await expect(invitation).rejects.toMatchObject({ kind: 'forbidden' });
});

test('the dialog speaks of the organisation only to who is alone in it', async () => {
  const boss = await atrium.people.adminOf('Duo', 'boss@duo.test');
  await atrium.people.memberOf('Duo', 'worker@duo.test');
  const profile = await boss.browser.visit('/profile/data/');
  expect(profile.at('#deactivate')).toContain('What you made stays with your organisation.');
  expect(profile.at('#deactivate')).not.toContain('closed as well');
});

test('a member without access gets no data of a closed organisation, in the browser or by API', async () => {
  const founder = await atrium.people.adminOf('Gone', 'founder@gone.test');
  const former = await atrium.people.memberOf('Gone', 'former@gone.test');
  await founder.browser.post('/settings/users/', {
    action: 'deactivate',
    profile_id: former.profileId,
  });
  const before = await atrium.people.signedIn('former@gone.test');
  expect((await close(founder)).status).toBe(303);
  expect((await before.browser.visit('/dashboard/')).location).toContain('/login/');
  const again = await atrium.people.signedIn('former@gone.test');
  expect((await again.browser.visit('/dashboard/')).location).toBe('/account/revoked/');
  const client = await atrium.api().login('former@gone.test', PASSWORD);
  expect((await client.get('/tenant')).status).toBe(403);
});

test('staff who deactivate the only person close the organisation, and re-open it with an admin', async () => {
  const only = await atrium.people.adminOf('Solo', 'only@solo.test');
  const key = await atrium.people.keyOf('Solo', apiScopes());
  const user = `/admin/users/${only.userId}/`;
  const tenant = `/admin/tenants/${only.tenantId}/`;
  expect((await root.browser.visit(`${user}deactivate/`)).text).toContain(
    'An organisation in which nobody else is active is closed with it.',
  );
  expect((await does(`${user}deactivate/`)).at('h1')).toBe('only@solo.test Inactive');
  expect(await tenantOf(only)).toEqual({ is_active: false, closed: true });
  await atrium.mails.expect('only@solo.test', /Solo is closed/);
  expect((await root.browser.visit(tenant)).text).toMatch(/Closed\d+ /);

  const refused = await does(`${tenant}restore/`);
  expect(refused.status).toBe(422);
  expect(refused.at('[role="alert"]')).toContain('has no admin who can log in');

  await does(`${user}restore/`);
  expect((await does(`${tenant}restore/`)).at('h1')).toBe('Solo Active');
  expect(await tenantOf(only)).toEqual({ is_active: true, closed: false });
  const back = await atrium.people.signedIn('only@solo.test');
  expect((await back.browser.visit('/settings/users/')).status).toBe(200);
  expect((await atrium.api().showing(key).get('/members')).status).toBe(401);
});

test('a closed organisation is re-opened with another person: given access, made admin, restored', async () => {
  const founder = await atrium.people.adminOf('Heirs', 'founder@heirs.test');
  const heir = await atrium.people.memberOf('Heirs', 'heir@heirs.test');
  await founder.browser.post('/settings/users/', {
    action: 'deactivate',
    profile_id: heir.profileId,
  });
  await close(founder);
  const profile = `/admin/profiles/${heir.profileId}/`;
  await does(`${profile}restore/`);
  expect((await does(`/admin/tenants/${heir.tenantId}/restore/`)).status).toBe(422);
  await root.browser.visit(`${profile}edit/`);
  expect((await root.browser.submit(`${profile}edit/`, { role: 'admin' })).status).toBe(303);
  expect((await does(`/admin/tenants/${heir.tenantId}/restore/`)).at('h1')).toBe('Heirs Active');
});

test('a suspension by staff is no closing: keys and invitations are as before afterwards', async () => {
  const gus = await atrium.people.adminOf('Paused', 'gus@paused.test');
  const key = await atrium.people.keyOf('Paused', apiScopes());
  const link = await invite(gus, 'guest@paused.test');
  await does(`/admin/tenants/${gus.tenantId}/deactivate/`);
  expect(await tenantOf(gus)).toEqual({ is_active: false, closed: false });
  expect((await atrium.api().showing(key).get('/members')).status).toBe(401);
  await does(`/admin/tenants/${gus.tenantId}/restore/`);
  expect((await atrium.api().showing(key).get('/members')).status).toBe(200);
  expect((await atrium.browser().visit(link)).status).toBe(200);
});

test.each([
  [
    'a member joins',
    `UPDATE user_profile SET tenant_id = $1, role = 'member', tenant_joined_at = now()
     WHERE user_id = (SELECT id FROM users WHERE email = 'late@atrium.test')`,
  ],
  [
    'somebody is invited',
    `INSERT INTO invitation (tenant_id, email, role, token_hash, expires_at)
     VALUES ($1, 'late@atrium.test', 'member', '\\x01', now() + interval '1 day')`,
  ],
  [
    'a key is made',
    `INSERT INTO api_key (tenant_id, name, prefix, key_hash, scopes)
     VALUES ($1, 'late', 'late', '\\x02', ARRAY['tenant:read'])`,
  ],
])('the database refuses what would open a closed organisation: %s', async (what, statement) => {
  const founder = await atrium.people.adminOf(
    `Shut ${what}`,
    `${what.replaceAll(' ', '-')}@shut.test`,
  );
  await atrium.people.newcomer('late@atrium.test').catch(() => undefined);
  await close(founder);
  await expect(atrium.sql(statement, [founder.tenantId])).rejects.toThrow('organisation is closed');
});

let held = 0;
test.each([
  `UPDATE users SET is_active = false WHERE id = $1`,
  `UPDATE users SET deleted_at = now() WHERE id = $1`,
  `UPDATE user_profile SET is_active = false WHERE user_id = $1`,
  `WITH words AS (DELETE FROM member_word w USING user_profile p WHERE p.id = w.member_id AND p.user_id = $1)
   DELETE FROM user_profile WHERE user_id = $1`,
])(
  'not even the owner of the tables takes the last admin from an open organisation: %s',
  async (statement) => {
    const { userId } = await atrium.people.adminOf(
      `Held by ${statement}`,
      `held${++held}@held.test`,
    );
    await expect(atrium.sql(statement, [userId])).rejects.toThrow('at least one active admin');
  },
);

test('of two admins who close their accounts at once the second closes the organisation, 20 times of 20', async () => {
  for (let turn = 0; turn < 20; turn++) {
    const name = `Twins ${turn}`;
    const twins = [
      await atrium.people.adminOf(name, `a${turn}@twins.test`),
      await atrium.people.adminOf(name, `b${turn}@twins.test`),
    ];
    for (const { browser } of twins) await browser.visit('/profile/data/');
    const answers = await Promise.all(
      twins.map(({ browser }) => browser.submit('/profile/deactivate/', { password: PASSWORD })),
    );
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect(await tenantOf(twins[0]!)).toEqual({ is_active: false, closed: true });
  }
}, 120_000);

test('somebody who accepts while the last admin goes either joins first, or finds the link dead', async () => {
  const outcomes = new Set<string>();
  for (let turn = 0; turn < 20; turn++) {
    const founder = await atrium.people.adminOf(`Race ${turn}`, `f${turn}@race.test`);
    const email = `g${turn}@race.test`;
    const link = await invite(founder, email);
    const guest = atrium.browser();
    await guest.visit(link);
    await founder.browser.visit('/profile/data/');
    const password = 'quiet harbour lights';
    const [closed, joined] = await Promise.all([
      founder.browser.submit('/profile/deactivate/', { password: PASSWORD }),
      guest.submit(link, { password, password_confirm: password }),
    ]);
    // Who has joined is a colleague: the only admin has to stay.
    outcomes.add(`${closed.status} ${joined.status === 303 ? 'joined' : 'dead'}`);
    expect(joined.status).toBeLessThan(500);
  }
  expect([...outcomes].filter((each) => !['422 joined', '303 dead'].includes(each))).toEqual([]);
}, 120_000);
