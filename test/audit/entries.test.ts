import { runInContext } from '../../src/core/context/request-context.js';
import { AuditTrail } from '../../src/audit/audit-trail.service.js';
import { SigningKeys } from '../../src/users/access-tokens/signing-keys.js';
import { StaffService } from '../../src/users/staff.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';

const DEVICE = 'Lynx/2.9';
const NEW_PASSWORD = 'wooden boat harbour';

let atrium: TestApp;
let anna: Person;
beforeAll(async () => {
  atrium = await startApp({ TRUST_PROXY: 'loopback' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
});
afterAll(() => atrium.stop());
beforeEach(() => atrium.sql('TRUNCATE audit_entry, audit_head'));

interface Entry {
  action: string;
  who: string | null;
  what: string | null;
  /** Name of the organisation in whose trail it is; null is the operator's. */
  trail: string | null;
  changes: Record<string, { from: unknown; to: unknown }> | null;
}

/** What was recorded, oldest first; nothing of it may hold a secret or a whole address. */
async function recorded(): Promise<Entry[]> {
  const rows = await atrium.sql<Entry & { entry: string }>(
    `SELECT e.action, e.actor_name AS who, e.subject_name AS what, t.organization AS trail, e.changes,
       e::text AS entry
     FROM audit_entry e LEFT JOIN tenant t ON t.id = e.tenant_id ORDER BY e.at, e.position`,
  );
  return rows.map(({ entry, ...rest }) => {
    for (const secret of [PASSWORD, NEW_PASSWORD, '$2b$', 'anna@']) {
      expect(entry).not.toContain(secret);
    }
    return rest;
  });
}

async function browsing(email: string): Promise<Person> {
  const person = await atrium.people.signedIn(email);
  await atrium.sql('TRUNCATE audit_entry, audit_head');
  return person;
}

test('an entry says who did what to what, when, from where and in which request', async () => {
  anna.browser.with('user-agent', DEVICE).with('x-request-id', 'request-of-anna');
  await anna.browser.fill('/projects/new/', { name: 'Roof', due_date: '2027-03-01' });
  const [entry] = await atrium.sql(
    `SELECT actor_kind, actor_id, actor_name, action, subject_kind, subject_name, changes,
       host(address) AS address, device, request_id, tenant_id, staff_id,
       at > now() - interval '1 minute' AS "isNow",
       subject_id = (SELECT id::text FROM project) AS "isProject" FROM audit_entry`,
  );
  expect(entry).toEqual({
    actor_kind: 'person',
    actor_id: anna.userId,
    actor_name: 'Anna',
    action: 'project.created',
    subject_kind: 'project',
    subject_name: 'Roof',
    changes: {
      name: { from: null, to: 'Roof' },
      status: { from: null, to: 'planned' },
      due_date: { from: null, to: '2027-03-01' },
    },
    address: '127.0.0.1',
    device: DEVICE,
    request_id: 'request-of-anna',
    tenant_id: anna.tenantId,
    staff_id: null,
    isNow: true,
    isProject: true,
  });
});

test('what happens to a project', async () => {
  const { location } = await anna.browser.fill('/projects/new/', { name: 'Roof' });
  const path = location!;
  await anna.browser.fill(`${path}edit/`, { name: 'New roof', status: 'active' });
  await anna.browser.fill(`${path}edit/`, { name: 'New roof' });
  await anna.browser.post(`${path}delete/`);
  await anna.browser.post(`${path}restore/`);
  await anna.browser.post(`${path}restore/`);
  const entries = await recorded();
  expect(entries.map(({ action }) => action)).toEqual([
    'project.created',
    'project.changed',
    'project.deleted',
    'project.restored',
  ]);
  expect(entries[1]).toMatchObject({
    what: 'New roof',
    changes: { name: { from: 'Roof', to: 'New roof' }, status: { from: 'planned', to: 'active' } },
  });
});

test('what happens to an organisation and its members', async () => {
  const founder = await atrium.people.newcomer('filip@initech.test');
  const path = '/onboarding/create-tenant/';
  await founder.browser.fill('/profile/complete/', {});
  await atrium.sql('TRUNCATE audit_entry, audit_head');
  await founder.browser.fill(path, { organization: 'Initech' });
  await founder.browser.fill('/settings/general/', { organization: 'Initech NV', currency: 'EUR' });
  const ben = await atrium.people.memberOf('Acme', 'ben@acme.test');
  await atrium.sql(
    `DELETE FROM audit_entry WHERE action LIKE 'sign_in%' OR action LIKE 'account%'`,
  );
  for (const action of ['promote', 'deactivate', 'deactivate', 'reengage']) {
    await anna.browser.visit('/settings/users/');
    await anna.browser.post('/settings/users/', { action, profile_id: ben.profileId });
  }
  const by = (who: string, trail: string) => ({ who, trail });
  expect(await recorded()).toEqual([
    { action: 'tenant.created', what: 'Initech', changes: null, ...by('Filip', 'Initech NV') },
    {
      action: 'tenant.updated',
      what: 'Initech NV',
      changes: {
        organization: { from: 'Initech', to: 'Initech NV' },
        currency: { from: null, to: 'EUR' },
      },
      ...by('Filip', 'Initech NV'),
    },
    {
      action: 'member.role_changed',
      what: 'Ben',
      changes: { role: { from: 'member', to: 'admin' } },
      ...by('Anna', 'Acme'),
    },
    {
      action: 'member.deactivated',
      what: 'Ben',
      changes: { role: { from: 'admin', to: 'member' }, is_active: { from: true, to: false } },
      ...by('Anna', 'Acme'),
    },
    {
      action: 'member.reengaged',
      what: 'Ben',
      changes: { is_active: { from: false, to: true } },
      ...by('Anna', 'Acme'),
    },
  ]);
});

test('what happens to invitations', async () => {
  const act = (values: Record<string, string>) => anna.browser.fill('/settings/users/', values);
  await act({ action: 'invite', email: 'one@x.test two@x.test', role: 'admin' });
  const link = linkIn(await atrium.mails.expect('one@x.test'));
  const [two] = await atrium.sql<{ id: string }>(
    `SELECT id FROM invitation WHERE email = 'two@x.test'`,
  );
  await act({ action: 'resend', invitation_id: two!.id });
  await act({ action: 'cancel', invitation_id: two!.id });
  await act({ action: 'cancel', invitation_id: two!.id });
  const passwords = { password: PASSWORD, password_confirm: PASSWORD };
  expect((await atrium.browser().fill(link, passwords)).status).toBe(303);
  const role = { role: { from: null, to: 'admin' } };
  const by = (who: string) => ({ who, trail: 'Acme' });
  expect(await recorded()).toEqual([
    { action: 'invitation.created', what: 'o…@x.test', changes: role, ...by('Anna') },
    { action: 'invitation.created', what: 't…@x.test', changes: role, ...by('Anna') },
    { action: 'invitation.resent', what: 't…@x.test', changes: null, ...by('Anna') },
    { action: 'invitation.cancelled', what: 't…@x.test', changes: null, ...by('Anna') },
    { action: 'invitation.accepted', what: 'o…@x.test', changes: null, ...by('One') },
    { action: 'member.joined', what: 'One', changes: role, ...by('One') },
  ]);
});

test('signing in and failing to, in the trail of whose account it is', async () => {
  const login = (email: string, password: string) =>
    atrium.browser().fill('/login/', { email, password });
  await login('anna@acme.test', PASSWORD);
  await login('anna@acme.test', 'no such password');
  await login('nobody@acme.test', PASSWORD);
  await atrium.api().login('anna@acme.test', PASSWORD);
  const own = { trail: 'Acme', changes: null };
  expect(await recorded()).toEqual([
    { action: 'sign_in.succeeded', who: 'Anna', what: 'Anna', ...own },
    { action: 'sign_in.failed', who: null, what: 'a…@acme.test', ...own },
    { action: 'sign_in.failed', who: null, what: 'n…@acme.test', trail: null, changes: null },
    { action: 'sign_in.succeeded', who: 'Anna', what: 'Anna', ...own },
  ]);
});

test('the end of sessions, whoever ends them', async () => {
  const here = await atrium.people.memberOf('Acme', 'dora@acme.test');
  const there = await atrium.people.signedIn('dora@acme.test');
  const stolen = await atrium.api().login('dora@acme.test', PASSWORD);
  const { refresh_token } = stolen.tokens!;
  await atrium.api().post('/auth/refresh', { refresh_token });
  await atrium.sql('TRUNCATE audit_entry, audit_head');

  await atrium.api().post('/auth/refresh', { refresh_token });
  await there.browser.post('/logout/');
  await here.browser.post('/profile/sessions/revoke-others/');
  await here.browser.post('/profile/sessions/revoke-others/');
  const entries = await recorded();
  expect(entries.map(({ action, who, what }) => [action, who, what])).toEqual([
    ['session.compromised', null, 'Dora'],
    ['session.signed_out', 'Dora', 'Dora'],
    ['session.ended', 'Dora', 'Dora'],
  ]);
  expect(entries.every(({ trail }) => trail === 'Acme')).toBe(true);
});

test('an account that is created, confirmed, changed and closed', async () => {
  const carl = atrium.browser();
  await carl.fill('/register/', { email: 'carl@acme.test', password: PASSWORD });
  await carl.press(linkIn(await atrium.mails.expect('carl@acme.test')));
  const own = { who: 'Carl', what: 'Carl', changes: null };
  expect(await recorded()).toEqual([
    { action: 'account.created', ...own, trail: null },
    { action: 'email.verified', ...own, trail: null },
  ]);

  await atrium.sql(
    `UPDATE user_profile SET tenant_id = $1, role = 'member', tenant_joined_at = now(),
       profile_completed_at = now() WHERE display_name = 'Carl'`,
    [anna.tenantId],
  );
  const { browser } = await browsing('carl@acme.test');
  const profile = { display_name: 'Karel', theme: 'night' };
  await browser.fill('/profile/', profile);
  await browser.fill('/profile/', profile);
  await browser.post('/profile/email/', { email: 'karel@acme.test', password: PASSWORD });
  await browser.press(linkIn(await atrium.mails.expect('karel@acme.test')));
  const passwords = { current_password: PASSWORD, new_password: NEW_PASSWORD };
  await browser.post('/profile/password/', passwords);
  await atrium.browser().fill('/password-reset/', { email: 'karel@acme.test' });
  const mail = await atrium.mails.expect('karel@acme.test', /reset\/confirm/);
  await atrium.browser().fill(linkIn(mail), { password: PASSWORD });
  const again = await atrium.people.signedIn('karel@acme.test');
  await again.browser.post('/profile/deactivate/', { password: PASSWORD });

  const entries = await recorded();
  expect(entries.every(({ trail }) => trail === 'Acme')).toBe(true);
  expect(entries.map(({ action, who, what, changes }) => [action, who, what, changes])).toEqual([
    [
      'profile.updated',
      'Carl',
      'Carl',
      { display_name: { from: 'C…', to: 'K…' }, theme: { from: 'system', to: 'night' } },
    ],
    [
      'email.changed',
      'Karel',
      'Karel',
      { email: { from: 'c…@acme.test', to: 'k…@acme.test' }, sessions: { from: 1, to: 0 } },
    ],
    ['password.changed', 'Karel', 'Karel', null],
    ['password.reset', 'Karel', 'Karel', { sessions: { from: 1, to: 0 } }],
    ['sign_in.succeeded', 'Karel', 'Karel', null],
    ['account.closed', 'Karel', 'Karel', null],
  ]);
});

test('the operator’s own: a superuser is made, a signing key replaced', async () => {
  await runInContext({}, () =>
    atrium.app.get(StaffService).makeSuperuser('op@atrium.test', PASSWORD),
  );
  await runInContext({}, () => atrium.app.get(SigningKeys).rotate());
  const operators = { who: null, trail: null };
  expect(await recorded()).toEqual([
    { action: 'staff.promoted', what: 'o…@atrium.test', changes: null, ...operators },
    {
      action: 'signing_key.rotated',
      what: null,
      changes: { kid: { from: expect.any(String), to: expect.any(String) } },
      ...operators,
    },
  ]);
});

test('a change is rolled back when its entry fails', async () => {
  await atrium.sql(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the disk of the trail is full'; END $$`);
  await atrium.sql(
    'CREATE TRIGGER refuse BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION refuse()',
  );
  try {
    const sessions = () => atrium.sql('SELECT count(*) FROM session');
    const before = await sessions();
    const answer = await anna.browser.fill('/projects/new/', { name: 'Never' });
    expect(answer.status).toBe(500);
    expect(
      (await atrium.browser().fill('/login/', { email: 'anna@acme.test', password: PASSWORD }))
        .status,
    ).toBe(500);
    expect(await atrium.sql(`SELECT 1 FROM project WHERE name = 'Never'`)).toEqual([]);
    expect(await sessions()).toEqual(before);
  } finally {
    await atrium.sql('DROP FUNCTION refuse() CASCADE');
  }
});

test('the trail of all of it is unbroken', async () => {
  await Promise.all(
    Array.from({ length: 8 }, (_, i) => anna.browser.post('/projects/new/', { name: `No ${i}` })),
  );
  expect((await recorded()).length).toBe(8);
  expect((await atrium.app.get(AuditTrail).verify()).broken).toEqual([]);
});
