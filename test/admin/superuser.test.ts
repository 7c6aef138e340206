import { runInContext } from '../../src/core/context/request-context.js';
import { StaffService } from '../../src/users/staff.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
let root: Person;
beforeAll(async () => {
  atrium = await startApp();
  const staff = atrium.app.get(StaffService);
  await runInContext({}, () => staff.makeSuperuser('root@atrium.test', PASSWORD));
  root = await atrium.people.signedIn('root@atrium.test');
});
afterAll(() => atrium.stop());

/** Confirms a question and follows the redirect. */
async function does(path: string) {
  const answer = await root.browser.fill(path);
  return root.browser.follow(answer);
}

async function statusOf(person: Person, path = '/dashboard/'): Promise<number> {
  return (await person.browser.visit(path)).status;
}

test('a superuser finds an organisation among 2,000, opens a member, deactivates and restores them, and sees all of it', async () => {
  await atrium.sql(
    `INSERT INTO tenant (organization) SELECT 'Firm ' || n FROM generate_series(1, 2000) n`,
  );
  await atrium.people.adminOf('Élise & Zonen', 'elise@zonen.test');
  const bert = await atrium.people.memberOf('Élise & Zonen', 'bert@zonen.test');
  expect(await statusOf(bert)).toBe(200);

  const found = await root.browser.visit('/admin/tenants/?q=elise');
  const rows = found.document.querySelectorAll('tbody th a');
  expect(rows.map((row) => row.textContent)).toEqual(['Élise & Zonen']);
  const tenant = await root.browser.visit(rows[0]!.getAttribute('href')!);
  const member = tenant.document.querySelectorAll('a').find((a) => a.textContent === 'Bert')!;
  const path = member.getAttribute('href')!;
  expect(path).toBe(`/admin/profiles/${bert.profileId}/`);

  const gone = await does(`${path}deactivate/`);
  expect(gone.at('[data-notices]')).toContain('Bert has been deactivated.');
  expect(gone.at('h1')).toBe('Bert Inactive');
  expect((await bert.browser.visit('/dashboard/')).location).toContain('/login/');

  // The flash message offers undo.
  const back = await root.browser.follow(await root.browser.submit(`${path}restore/`));
  expect(back.at('h1')).toBe('Bert Active');
  expect(await statusOf(await atrium.people.signedIn('bert@zonen.test'))).toBe(200);

  const timeline = back.document.querySelectorAll('.admin-timeline li > p:first-child');
  expect(timeline.map((line) => line.textContent.trim()).slice(0, 2)).toEqual([
    'Root restored Bert in the back office',
    'Root deactivated Bert in the back office',
  ]);
  // And so does the organisation itself.
  const [elise] = [await atrium.people.signedIn('elise@zonen.test')];
  const activity = await elise.browser.visit('/settings/activity/');
  expect(activity.text).toContain('Root deactivated Bert in the back office');
});

test('a deactivated account is signed out at once in browsers and API, and is complete after it is restored', async () => {
  await atrium.people.adminOf('Acme', 'anna@acme.test');
  const carl = await atrium.people.adminOf('Acme', 'carl@acme.test');
  const client = await atrium.api().login('carl@acme.test', PASSWORD);
  const path = `/admin/users/${carl.userId}/`;
  expect((await does(`${path}deactivate/`)).at('h1')).toBe('carl@acme.test Inactive');
  expect((await carl.browser.visit('/dashboard/')).location).toContain('/login/');
  expect((await client.get('/me')).status).toBe(401);
  await expect(atrium.people.signedIn('carl@acme.test')).rejects.toThrow('cannot sign in');

  expect((await does(`${path}restore/`)).at('h1')).toBe('carl@acme.test Active');
  const again = await atrium.people.signedIn('carl@acme.test');
  expect(await statusOf(again, '/settings/users/')).toBe(200);
});

test('an organisation keeps an admin who can sign in', async () => {
  const only = await atrium.people.adminOf('Solo', 'only@solo.test');
  await atrium.people.memberOf('Solo', 'other@solo.test');
  for (const path of [`/admin/users/${only.userId}/`, `/admin/profiles/${only.profileId}/`]) {
    const answer = await does(`${path}deactivate/`);
    expect(answer.status).toBe(422);
    expect(answer.at('[role="alert"]')).toMatch(/only admin|another admin/i);
  }
  await root.browser.visit(`/admin/profiles/${only.profileId}/edit/`);
  const demoted = await root.browser.submit(`/admin/profiles/${only.profileId}/edit/`, {
    role: 'member',
  });
  expect(demoted.status).toBe(422);

  // An admin with a deactivated account does not count, so the other one must stay.
  const second = await atrium.people.adminOf('Solo', 'second@solo.test');
  await does(`/admin/users/${second.userId}/deactivate/`);
  expect((await does(`/admin/profiles/${only.profileId}/deactivate/`)).status).toBe(422);
  expect(await statusOf(only)).toBe(200);
});

test('a superuser cannot deactivate or demote themselves', async () => {
  const path = `/admin/users/${root.userId}/`;
  const answer = await does(`${path}deactivate/`);
  expect(answer.status).toBe(422);
  expect(answer.text).toContain('You cannot deactivate your own account here.');
  await root.browser.visit(`${path}edit/`);
  const form = { is_staff: '', is_superuser: '' };
  const demoted = await root.browser.submit(`${path}edit/`, form);
  expect(demoted.status).toBe(422);
  expect(demoted.errorOf('is_superuser')).toContain('You cannot take away your own rights.');
});

test('members of a deactivated organisation lose access and keep their accounts', async () => {
  const gus = await atrium.people.adminOf('Closed Ltd', 'gus@closed.test');
  const path = `/admin/tenants/${gus.tenantId}/`;
  await does(`${path}deactivate/`);
  const shown = await gus.browser.arrive('/dashboard/');
  expect(shown.at('h1')).toBe('You no longer have access');
  expect(shown.text).not.toContain('An admin of');
  const client = await atrium.api().login('gus@closed.test', PASSWORD);
  expect((await client.get('/members')).status).toBe(403);
  await does(`${path}restore/`);
  expect(await statusOf(gus, '/settings/users/')).toBe(200);
});

test('invalid fields are refused and typed values are shown again', async () => {
  const dora = await atrium.people.adminOf('Acme', 'dora@acme.test');
  const path = `/admin/users/${dora.userId}/edit/`;
  const wrong = await root.browser.fill(path, { email: 'no address' });
  expect(wrong.status).toBe(422);
  expect(wrong.errorOf('email')).toContain('Enter an e-mail address');
  expect(wrong.value('email')).toBe('no address');
  const taken = await root.browser.submit(path, { email: 'ANNA@acme.test' });
  expect(taken.status).toBe(422);
  expect(taken.errorOf('email')).not.toBe('');
  const both = await root.browser.submit(path, { email: 'dora@acme.test', is_superuser: '1' });
  expect(both.errorOf('is_staff')).toContain('A superuser is always staff too.');
});

test('a corrected address must be confirmed, and the old one is notified', async () => {
  const eva = await atrium.people.memberOf('Acme', 'eva@typo.test');
  const saved = await root.browser.fill(`/admin/users/${eva.userId}/edit/`, {
    email: 'eva@acme.test',
  });
  const page = await root.browser.follow(saved);
  expect(page.at('[data-notices]')).toContain('The changes have been saved.');
  expect(page.at('h1')).toContain('eva@acme.test');
  // Personal data in the trail is masked.
  expect(page.at('.admin-timeline')).toContain('e…@typo.test');
  await atrium.mails.expect('eva@typo.test', /address/i);
  await atrium.mails.expect('eva@acme.test', /confirm/i);
  await atrium.people.signedIn('eva@acme.test');
});

test('of two concurrent edits the second is refused and shows the saved values', async () => {
  const tenantId = await atrium.people.tenant('Initech');
  const path = `/admin/tenants/${tenantId}/edit/`;
  const other = await atrium.people.signedIn('root@atrium.test');
  await root.browser.visit(path);
  await other.browser.fill(path, { organization: 'Initech Two' });
  const late = await root.browser.submit(path, { organization: 'Initech Three' });
  expect(late.status).toBe(422);
  expect(late.at('#saved-now')).toContain('Initech Two');
  expect(late.value('organization')).toBe('Initech Three');
  const again = await root.browser.submit(path);
  expect((await root.browser.follow(again)).at('h1')).toContain('Initech Three');
});

test('several rows are deactivated at once, without script and after a confirmation', async () => {
  const people = await Promise.all(
    ['x1', 'x2'].map((name) => atrium.people.memberOf('Acme', `${name}@bulk.test`)),
  );
  const only = await atrium.people.adminOf('Bulk', 'only@bulk.test');
  await atrium.people.memberOf('Bulk', 'left@bulk.test');
  const list = await root.browser.visit('/admin/users/?q=x');
  expect(list.document.querySelectorAll('input[name="id"][form="bulk"]')).toHaveLength(2);

  const ids = [...people.map(({ userId }) => userId), only.userId];
  const search = new URLSearchParams(ids.map((id) => ['id', id])).toString();
  const asked = await root.browser.visit(`/admin/users/bulk/deactivate/?${search}`);
  expect(asked.at('h1')).toBe('Deactivate 3 rows?');
  expect(await statusOf(people[0]!)).toBe(200);

  const _csrf = asked.value('_csrf')!;
  const sent = await root.browser.agent
    .post('/admin/users/bulk/deactivate/')
    .type('form')
    .send(`_csrf=${_csrf}&${search}`)
    .redirects(0)
    .ok(() => true);
  // The one that was refused is named, with the reason; the others are done.
  expect(sent.status).toBe(422);
  expect(sent.text).toContain('only@bulk.test');
  expect(sent.text).not.toContain('x1@bulk.test');
  const active = await atrium.sql(
    `SELECT email FROM users WHERE email LIKE '%@bulk.test' AND is_active`,
  );
  expect(active.map(({ email }) => email).sort()).toEqual(['left@bulk.test', 'only@bulk.test']);

  const none = await root.browser.arrive('/admin/users/bulk/deactivate/');
  expect(none.at('[data-notices]')).toContain('Select at least one row');
});

test('a session is ended, an invitation cancelled, a project deleted and restored', async () => {
  const fay = await atrium.people.adminOf('Acme', 'fay@acme.test');
  await fay.browser.visit('/settings/users/');
  await fay.browser.submit('/settings/users/', { email: 'guest@acme.test', role: 'member' });
  await fay.browser.fill('/projects/new/', { name: 'Roof' });
  const only = async (text: string, values?: unknown[]) =>
    (await atrium.sql<{ id: string }>(text, values))[0]!.id;

  const project = await only(`SELECT id FROM project WHERE name = 'Roof'`);
  expect((await does(`/admin/projects/${project}/delete/`)).at('h1')).toBe('Roof Deleted');
  expect((await fay.browser.visit(`/projects/${project}/`)).status).toBe(404);
  expect((await does(`/admin/projects/${project}/restore/`)).at('h1')).toBe('Roof Active');
  await root.browser.fill(`/admin/projects/${project}/edit/`, {
    name: 'Slate roof',
    status: 'done',
  });
  expect((await fay.browser.visit(`/projects/${project}/`)).at('h1')).toBe('Slate roof');

  const invitation = await only(`SELECT id FROM invitation WHERE email = 'guest@acme.test'`);
  expect((await does(`/admin/invitations/${invitation}/cancel/`)).text).toContain('Withdrawn');

  const session = await only('SELECT id FROM session WHERE user_id = $1 ORDER BY created_at DESC', [
    fay.userId,
  ]);
  await does(`/admin/sessions/${session}/end/`);
  expect((await fay.browser.visit('/dashboard/')).location).toContain('/login/');
  const [entry] = await atrium.sql(
    `SELECT tenant_id FROM audit_entry WHERE action = 'session.ended' AND subject_id = $1`,
    [session],
  );
  expect(entry).toEqual({ tenant_id: fay.tenantId });
});

test('a dead letter is retried', async () => {
  const data = {
    scope: { tenantId: null, actorId: null, locale: 'en', requestId: '-' },
    data: {
      to: 'late@acme.test',
      template: 'password-changed',
      model: { url: 'http://atrium.test/' },
    },
  };
  const [job] = await atrium.sql<{ id: string }>(
    `INSERT INTO pgboss.job (name, data, source_name, source_retry_count, keep_until)
     VALUES ('dead-letters', $1, 'mail', 12, now() + interval '1 day') RETURNING id`,
    [data],
  );
  const list = await root.browser.visit('/admin/dead-letters/');
  expect(list.at('tbody')).toContain('mail');
  const done = await does(`/admin/dead-letters/${job!.id}/retry/`);
  expect(done.at('[data-notices]')).toContain('is back in its queue');
  await atrium.mails.expect('late@acme.test');
  const [entry] = await atrium.sql(
    `SELECT subject_name FROM audit_entry WHERE action = 'job.retried'`,
  );
  expect(entry).toEqual({ subject_name: 'mail' });
});

test('a change is rolled back when its audit entry fails', async () => {
  const hal = await atrium.people.memberOf('Acme', 'hal@acme.test');
  await atrium.sql(
    `ALTER TABLE audit_entry ADD CONSTRAINT ck_broken CHECK (action <> 'record.deactivated') NOT VALID`,
  );
  const answer = await does(`/admin/users/${hal.userId}/deactivate/`);
  await atrium.sql('ALTER TABLE audit_entry DROP CONSTRAINT ck_broken');
  expect(answer.status).toBe(500);
  expect(await statusOf(hal)).toBe(200);
});

test.each(['countries', 'languages', 'timezones', 'currencies', 'mails', 'audit'])(
  '%s are there to be read, for superusers too',
  async (path) => {
    const list = await root.browser.visit(`/admin/${path}/`);
    const row = list.document.querySelector('tbody th a')!.getAttribute('href')!;
    const shown = await root.browser.visit(row);
    expect([
      shown.status,
      shown.document.querySelectorAll('main form[method="post"]').length,
    ]).toEqual([200, 0]);
    for (const what of ['edit', 'deactivate', 'delete', 'restore']) {
      expect((await root.browser.visit(`${row}${what}/`)).status).toBe(404);
      expect((await root.browser.post(`${row}${what}/`, { name: 'Other' })).status).toBe(404);
    }
  },
);

test('the trail of every organisation, and the operator’s own, is open to staff', async () => {
  const helper = await atrium.people.staff('helper@atrium.test');
  const one = await atrium.people.adminOf('First Ltd', 'one@first.test');
  const other = await atrium.people.adminOf('Second Ltd', 'other@second.test');
  for (const { browser } of [one, other]) {
    await browser.fill('/projects/new/', { name: 'Roof' });
  }
  const all = await helper.browser.visit('/admin/audit/');
  for (const told of [
    'One added the project “Roof”',
    'Other added the project “Roof”',
    'Helper created an account',
  ]) {
    expect(all.text).toContain(told);
  }
  const theirs = await helper.browser.visit(`/admin/audit/?tenant=${one.tenantId}`);
  expect(theirs.text).toContain('One added the project “Roof”');
  expect(theirs.text).not.toContain('Other added');
});
