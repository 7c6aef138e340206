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

describe('An admin who did something to several members', () => {
  /** The address of the "Undo" that the page after an action offers. */
  const undoOf = ({ document }: Awaited<ReturnType<typeof send>>) =>
    document.querySelector('form[action$="/undo/"]')?.getAttribute('action') ?? '';

  async function done(action: string, ...people: Person[]): Promise<string> {
    const answer = await send(action, of(...people));
    return undoOf(await anna.browser.follow(answer));
  }

  test('takes it back: exactly those are as before, with their roles', async () => {
    await send('make_admin', of(ben));
    const before = [await standing(ben), await standing(cora)];
    for (const [action, ...whom] of [
      ['deactivate', ben, cora],
      ['make_admin', cora],
      ['make_member', ben],
    ] as const) {
      const undo = await done(action, ...whom);
      expect(undo).toMatch(/^\/settings\/users\/bulk\/[0-9a-f-]{36}\/undo\/$/);
      const undone = await anna.browser.post(undo);
      expect([undone.status, undone.location]).toEqual([303, '/settings/users/']);
      const told = whom.length === 1 ? 'Undone: 1 person is' : 'Undone: 2 people are';
      expect((await anna.browser.follow(undone)).text).toContain(told);
      expect([action, await standing(ben), await standing(cora)]).toEqual([action, ...before]);
    }
    await send('make_member', of(ben));
    await send('deactivate', of(cora));
    await anna.browser.post(await done('reengage', cora));
    expect(await standing(cora)).toEqual(['member', false]);
    await send('reengage', of(cora));
  });

  test('takes back only what was changed, where some could not be', async () => {
    await send('deactivate', of(cora));
    const partly = await send('deactivate', of(ben, cora));
    expect([partly.status, partly.at('#bulk-title')]).toEqual([422, '1 was changed']);
    await anna.browser.post(undoOf(partly));
    expect([await standing(ben), await standing(cora)]).toEqual([
      ['member', true],
      ['member', false],
    ]);
    await send('reengage', of(cora));
  });

  test('takes it back once, also in two tabs at the same time', async () => {
    const undo = await done('deactivate', ben);
    const answers = await Promise.all([1, 2, 3].map(() => anna.browser.post(undo)));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(await standing(ben)).toEqual(['member', true]);
    await send('deactivate', of(ben));
    const late = await anna.browser.follow(await anna.browser.post(undo));
    expect(late.text).toContain('This has been undone already.');
    expect(await standing(ben)).toEqual(['member', false]);
    await send('reengage', of(ben));
    const [trail] = await atrium.sql<{ count: number }>('SELECT count(*)::int FROM bulk_action');
    expect(trail!.count).toBeGreaterThan(0);
  });

  test('leaves what somebody has changed since, and is told', async () => {
    const undo = await done('deactivate', ben, cora);
    await send('reengage', of(cora));
    await send('make_admin', of(cora));
    const answer = await anna.browser.post(undo);
    expect([answer.status, answer.at('#bulk-title')]).toEqual([422, '1 was changed']);
    expect(answer.at('main li')).toMatch(/^Cora/);
    expect([await standing(ben), await standing(cora)]).toEqual([
      ['member', true],
      ['admin', true],
    ]);
    await send('make_member', of(cora));
  });

  test('is the only one who can, within a day, after a recent proof of who they are', async () => {
    const undo = await done('deactivate', ben);
    const other = await atrium.people.adminOf('Acme', 'other@acme.test');
    for (const browser of [other.browser, gina.browser]) {
      expect((await browser.post(undo)).status).toBe(404);
    }
    expect((await cora.browser.post(undo)).status).toBe(403);
    await atrium.sql(`UPDATE session SET authenticated_at = now() - interval '11 minutes'`);
    expect((await anna.browser.post(undo)).status).toBe(403);
    await atrium.sql('UPDATE session SET authenticated_at = now()');
    await atrium.sql(`UPDATE bulk_action SET created_at = now() - interval '25 hours'`);
    expect((await anna.browser.post(undo)).status).toBe(404);
    expect(await standing(ben)).toEqual(['member', false]);
    await done('reengage', ben);
    // What is older than a day is forgotten with the next action.
    const kept = await atrium.sql(
      `SELECT 1 FROM bulk_action WHERE created_at < now() - interval '1 day'`,
    );
    expect(kept).toEqual([]);
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
