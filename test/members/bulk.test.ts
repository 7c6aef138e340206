import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;
let ben: Person;
let cora: Person;
let gina: Person;

beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  ben = await atrium.people.memberOf('Acme', 'ben@acme.test');
  cora = await atrium.people.memberOf('Acme', 'cora@acme.test');
  gina = await atrium.people.adminOf('Globex', 'gina@globex.test');
});
afterAll(() => atrium.stop());

const PATH = '/settings/users/bulk/';

/** As the browser sends several ticks: a field of one name for each. */
const send = (action: string, fields: Array<[string, string]>, by: Person = anna) =>
  by.browser.post(PATH, { action, ...grouped(fields) });

function grouped(fields: Array<[string, string]>): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const [name, value] of fields) (all[name] ??= []).push(value);
  return all;
}

const of = (...people: Person[]) =>
  people.map(({ profileId }): [string, string] => ['profile_id', profileId]);

const standing = async (person: Person) => {
  const [row] = await atrium.sql<{ role: string; active: boolean }>(
    'SELECT role, is_active AS active FROM user_profile WHERE id = $1',
    [person.profileId],
  );
  return [row!.role, row!.active];
};

async function invited(...emails: string[]): Promise<Array<[string, string]>> {
  const email = emails.join(' ');
  await anna.browser.post('/settings/users/', { action: 'invite', email, role: 'member' });
  const rows = await atrium.sql<{ id: string }>(
    'SELECT id FROM invitation WHERE email = ANY($1) ORDER BY email',
    [emails],
  );
  return rows.map(({ id }) => ['invitation_id', id]);
}

describe('An admin who ticks several members', () => {
  test('finds a box with the name of each, but for the own row, and is asked by name first', async () => {
    const { document } = await anna.browser.visit('/settings/users/');
    const boxes = document.querySelectorAll('[data-member] [data-tick]');
    expect(boxes.map((box) => box.parentNode!.textContent.trim())).toEqual([
      'Select Ben',
      'Select Cora',
    ]);
    const ids = of(ben, cora).map(([name, id]) => `${name}=${id}`);
    const page = await anna.browser.visit(`${PATH}?action=deactivate&${ids.join('&')}`);
    expect([page.status, page.at('#bulk-title')]).toEqual([200, 'End the access of 2 people?']);
    expect(page.at('main form li:first-child')).toBe('Ben');
    expect(await standing(ben)).toEqual(['member', true]);
  });

  test('deactivates, lets in again and changes roles of all of them', async () => {
    for (const [action, expected, told] of [
      ['deactivate', ['member', false], '2 people no longer have access.'],
      ['reengage', ['member', true], '2 people have access again, as members.'],
      ['make_admin', ['admin', true], '2 people are now admins.'],
      ['make_member', ['member', true], '2 people are now members.'],
    ] as const) {
      const answer = await send(action, of(ben, cora));
      expect([answer.status, answer.location]).toEqual([303, '/settings/users/']);
      expect((await anna.browser.follow(answer)).text.includes(told)).toBe(true);
      expect([await standing(ben), await standing(cora)]).toEqual([expected, expected]);
    }
    const trail = await atrium.sql<{ count: string }>(
      `SELECT count(*) FROM audit_entry WHERE action = 'member.deactivated'`,
    );
    expect(trail[0]!.count).toBe('2');
  });

  test('is told how many were changed, and why the others were not', async () => {
    const answer = await send('deactivate', of(anna, ben));
    expect(answer.status).toBe(422);
    expect(answer.at('#bulk-title')).toBe('1 was changed');
    expect(answer.at('main li')).toBe('AnnaYou cannot deactivate yourself. Ask another admin.');
    expect([await standing(anna), await standing(ben)]).toEqual([
      ['admin', true],
      ['member', false],
    ]);
    const again = await send('deactivate', of(ben));
    expect(again.at('main li')).toBe('BenNothing to change: it is already so.');
    await send('reengage', of(ben));
  });

  test('never leaves the organisation without an admin', async () => {
    const answer = await send('make_member', of(anna));
    expect(answer.status).toBe(422);
    expect(await standing(anna)).toEqual(['admin', true]);
  });

  test('reaches nobody of another organisation', async () => {
    expect((await send('deactivate', of(gina))).status).toBe(404);
    const mixed = await send('deactivate', of(gina, cora));
    expect([mixed.status, mixed.at('#bulk-title')]).toEqual([422, '1 was changed']);
    expect(mixed.text.includes('Gina')).toBe(false);
    expect(await standing(gina)).toEqual(['admin', true]);
    await send('reengage', of(cora));
  });

  test('ticks at least one row, at most 100, and nothing but what is there', async () => {
    const ids = Array.from({ length: 101 }, (_, i): [string, string] => [
      'profile_id',
      `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    ]);
    for (const [fields, told] of [
      [[], 'Select at least one row of the list.'],
      [ids, 'Select at most 100 rows at once.'],
    ] as const) {
      const answer = await send('deactivate', [...fields]);
      expect([answer.status, answer.at('main [role="alert"]')]).toEqual([422, told]);
    }
    expect((await anna.browser.visit(`${PATH}?action=deactivate`)).status).toBe(422);
    expect((await send('erase', of(ben))).status).toBe(400);
    expect((await send('deactivate', [['profile_id', 'nonsense']])).status).toBe(404);
  });

  test('confirms who they are before roles change, as for one', async () => {
    await atrium.sql(`UPDATE session SET authenticated_at = now() - interval '11 minutes'`);
    const asked = await send('make_admin', of(ben));
    expect([asked.status, await standing(ben)]).toEqual([403, ['member', true]]);
    expect((await send('deactivate', of(ben))).status).toBe(303);
    await atrium.sql('UPDATE session SET authenticated_at = now()');
    await send('reengage', of(ben));
  });

  test('is an admin: a member changes nobody', async () => {
    const dora = await atrium.people.memberOf('Acme', 'dora@acme.test');
    expect((await send('deactivate', of(cora), dora)).status).toBe(403);
    expect((await dora.browser.visit(`${PATH}?action=deactivate&profile_id=x`)).status).toBe(403);
  });
});

describe('An admin who ticks several invitations', () => {
  test('sends them again, and withdraws them', async () => {
    const both = await invited('a@guest.test', 'b@guest.test');
    const sent = await send('resend', both);
    expect((await anna.browser.follow(sent)).text).toContain(
      '2 invitations are on their way again.',
    );
    await atrium.mails.expect('a@guest.test', /invite/, 2);
    const gone = await send('cancel', both);
    expect((await anna.browser.follow(gone)).text).toContain('2 invitations have been withdrawn.');
    const late = await send('resend', both);
    expect([late.status, late.at('#bulk-title')]).toEqual([422, 'Nothing was changed']);
    expect(late.at('main li')).toBe('a@guest.testThis invitation is no longer open.');
  });
});
