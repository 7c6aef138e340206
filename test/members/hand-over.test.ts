import { startApp, type TestApp } from '../support/app.js';
import { plain } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

const handOver = ({ browser }: Person, to: Person) =>
  browser.fill('/settings/hand-over/', { member_id: to.profileId });

const roles = (...people: Person[]) =>
  Promise.all(
    people.map(async ({ profileId }) => {
      const [row] = await atrium.sql<{ role: string }>(
        'SELECT role FROM user_profile WHERE id = $1',
        [profileId],
      );
      return row!.role;
    }),
  );

test('an admin hands over to a member and becomes one: both are mailed, and the trail says so', async () => {
  const anna = await atrium.people.adminOf('Relay', 'anna@relay.test');
  const bert = await atrium.people.memberOf('Relay', 'bert@relay.test');
  const page = await anna.browser.visit('/settings/hand-over/');
  expect(page.at('select[name="member_id"]')).toContain('Bert');
  expect(page.at('select[name="member_id"]')).not.toContain('Anna');
  const done = await anna.browser.submit('/settings/hand-over/', { member_id: bert.profileId });
  expect([done.status, done.location]).toEqual([303, '/dashboard/']);
  expect(await roles(anna, bert)).toEqual(['member', 'admin']);
  expect((await anna.browser.visit('/settings/general/')).status).toBe(403);
  expect((await bert.browser.visit('/settings/general/')).status).toBe(200);
  expect((await atrium.mails.expect('bert@relay.test', /now an admin/)).text).toContain(
    'Anna made you',
  );
  expect((await atrium.mails.expect('anna@relay.test', /handed over Relay/)).text).toContain(
    'Bert',
  );
  const trail = await atrium.sql(
    `SELECT action, subject_name, changes FROM audit_entry WHERE tenant_id = $1
       AND action IN ('member.handed_over', 'member.role_changed') ORDER BY position`,
    [anna.tenantId],
  );
  const changed = (subject_name: string, from: string, to: string) => {
    return { action: 'member.role_changed', subject_name, changes: { role: { from, to } } };
  };
  expect(trail).toEqual([
    { action: 'member.handed_over', subject_name: 'Bert', changes: null },
    changed('Bert', 'member', 'admin'),
    changed('Anna', 'admin', 'member'),
  ]);
});

test('of an admin to whom somebody hands over, the role does not change; mails name people, by the address where they have no name', async () => {
  const fay = await atrium.people.adminOf('Same', 'fay@same.test');
  const gus = await atrium.people.adminOf('Same', 'gus@same.test');
  await atrium.sql('UPDATE user_profile SET display_name = NULL WHERE id = ANY ($1)', [
    [fay.profileId, gus.profileId],
  ]);
  await handOver(fay, gus);
  expect(await roles(fay, gus)).toEqual(['member', 'admin']);
  const given = await atrium.mails.expect('gus@same.test', /now an admin/);
  expect(plain(given)).toContain('fay@same.test made you');
  const mine = await atrium.mails.expect('fay@same.test', /handed over Same/);
  expect(plain(mine)).toContain('gus@same.test');
  const changed = await atrium.sql(
    `SELECT subject_id FROM audit_entry WHERE tenant_id = $1 AND action = 'member.role_changed'`,
    [fay.tenantId],
  );
  expect(changed).toEqual([{ subject_id: fay.profileId }]);
});

test('nobody hands over to oneself, to somebody without access, or to a stranger', async () => {
  const cleo = await atrium.people.adminOf('Alone', 'cleo@alone.test');
  expect((await cleo.browser.visit('/settings/hand-over/')).text).toContain(
    'Nobody to hand over to',
  );
  const dan = await atrium.people.memberOf('Alone', 'dan@alone.test');
  const gone = await atrium.people.memberOf('Alone', 'gone@alone.test');
  await atrium.sql('UPDATE user_profile SET is_active = false WHERE id = $1', [gone.profileId]);
  const stranger = await atrium.people.memberOf('Elsewhere', 'eve@elsewhere.test');
  for (const to of [cleo, gone, stranger]) {
    const refused = await handOver(cleo, to);
    expect([refused.status, refused.errorOf('member_id')]).toEqual([
      422,
      expect.stringMatching(/./),
    ]);
  }
  const empty = await cleo.browser.fill('/settings/hand-over/', { member_id: '' });
  expect(empty.status).toBe(422);
  expect(await roles(cleo, dan, gone, stranger)).toEqual(['admin', 'member', 'member', 'member']);
  expect((await dan.browser.visit('/settings/hand-over/')).status).toBe(403);
});

test('two admins who hand over at once leave an admin, whoever is first', async () => {
  for (let round = 0; round < 4; round++) {
    const name = `Both ${round}`;
    const ida = await atrium.people.adminOf(name, `ida${round}@both.test`);
    const jan = await atrium.people.adminOf(name, `jan${round}@both.test`);
    const answers = await Promise.all([handOver(ida, jan), handOver(jan, ida)]);
    expect(answers.map(({ status }) => status)).toContain(303);
    expect((await roles(ida, jan)).sort()).toEqual(['admin', 'member']);
    // One of two who press at once is no admin any more.
    const sole = await atrium.people.adminOf(`Sole ${round}`, `sole${round}@both.test`);
    const heir = await atrium.people.memberOf(`Sole ${round}`, `heir${round}@both.test`);
    const pressed = await Promise.all([handOver(sole, heir), handOver(sole, heir)]);
    expect(pressed.map(({ status }) => status).sort()).toEqual([303, 403]);
    expect(await roles(sole, heir)).toEqual(['member', 'admin']);
  }
});

test('the API hands over for an admin in person, and for nobody else', async () => {
  const kim = await atrium.people.adminOf('Wired', 'kim@wired.test');
  const leo = await atrium.people.memberOf('Wired', 'leo@wired.test');
  const admin = await atrium.api().login('kim@wired.test', PASSWORD);
  const member = await atrium.api().login('leo@wired.test', PASSWORD);
  const machine = atrium.api().showing(await atrium.people.keyOf('Wired', ['members:write']));
  const body = { member_id: leo.profileId };
  for (const client of [member, machine]) {
    expect((await client.post('/tenant/hand-over', body)).status).toBe(403);
  }
  const wrong = await admin.post('/tenant/hand-over', { member_id: kim.profileId });
  expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, '/member_id']);
  expect((await admin.post('/tenant/hand-over', body)).status).toBe(204);
  expect(await roles(kim, leo)).toEqual(['member', 'admin']);
});
