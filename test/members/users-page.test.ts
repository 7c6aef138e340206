import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD, type Person } from '../support/people.js';
import { eventually } from '../support/waiting.js';

let atrium: TestApp;
let anna: Person;
let ben: Person;

beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  ben = await atrium.people.memberOf('Acme', 'ben@acme.test');
});
afterAll(() => atrium.stop());

const rowOf = async (person: Person) =>
  (await anna.browser.visit('/settings/users/')).at(`[data-member="${person.profileId}"]`);

const lastSeen = async (person: Person) => {
  const [row] = await atrium.sql<{ at: Date | null }>(
    'SELECT last_seen_at AS at FROM users WHERE id = $1',
    [person.userId],
  );
  return row!.at;
};

describe('The users page', () => {
  test('begins with the members; invitations come after them', async () => {
    await anna.browser.post('/settings/users/', {
      action: 'invite',
      email: 'first@guest.test',
      role: 'member',
    });
    const { document } = await anna.browser.visit('/settings/users/');
    const headings = document
      .querySelectorAll('main section[aria-labelledby] > div > div > h2')
      .map(({ textContent }) => textContent);
    expect(headings.slice(0, 2)).toEqual(['Members', 'Pending invitations']);
  });

  test('says when somebody was last seen: today, on a day, or never', async () => {
    expect(await rowOf(ben)).toMatch(/Last seen Today/);
    await atrium.sql(`UPDATE users SET last_seen_at = '2026-02-03T12:00:00Z' WHERE id = $1`, [
      ben.userId,
    ]);
    expect(await rowOf(ben)).toMatch(/Last seen 3 Feb 2026/);
    await atrium.sql('UPDATE users SET last_seen_at = NULL WHERE id = $1', [ben.userId]);
    expect(await rowOf(ben)).toMatch(/Last seen Never/);
  });

  test('knows of use, also after the session is gone, and not of staff who act for somebody', async () => {
    await atrium.sql('UPDATE users SET last_seen_at = NULL WHERE id = $1', [ben.userId]);
    const own = `user_id = '${ben.userId}' AND acting_session_id IS NULL`;
    await atrium.sql(
      `UPDATE session SET last_seen_at = now() - interval '10 minutes' WHERE ${own}`,
    );
    await ben.browser.visit('/dashboard/');
    await eventually(async () => (await lastSeen(ben)) !== null);
    await atrium.sql(`UPDATE users SET last_seen_at = '2026-02-03' WHERE id = $1`, [ben.userId]);
    await atrium.sql(
      `INSERT INTO session (user_id, kind, token_hash, expires_at, acting_session_id, acting_staff_id,
         acting_staff_name, acting_reason, acting_may_write)
       SELECT user_id, 'browser', '\\x01', now() + interval '50 minutes', id, '${anna.userId}', 'Root', 'help', false
       FROM session WHERE ${own} LIMIT 1`,
    );
    expect((await lastSeen(ben))!.toISOString().slice(0, 7)).toBe('2026-02');
  });

  test('the API tells it too', async () => {
    await atrium.sql('UPDATE users SET last_seen_at = NULL WHERE id = $1', [ben.userId]);
    const api = atrium.api();
    await api.login(anna.email, PASSWORD);
    const { body } = await api.get(`/members/${ben.profileId}`);
    expect(body.last_seen_at).toBeNull();
  });

  test('invites in a dialog, which is open where something is to be corrected', async () => {
    const page = await anna.browser.visit('/settings/users/');
    expect(page.document.querySelector('a[href="#invite"]')?.textContent).toBe('Invite people');
    const dialog = (sight: typeof page) => sight.document.querySelector('dialog#invite')!;
    expect(dialog(page).hasAttribute('data-dialog-show')).toBe(false);
    const wrong = { action: 'invite', email: 'nobody', role: 'member' };
    const refused = await anna.browser.post('/settings/users/', wrong);
    expect(refused.status).toBe(422);
    expect(dialog(refused).hasAttribute('data-dialog-show')).toBe(true);
    expect(dialog(refused).querySelector('textarea')?.textContent).toContain('nobody');
  });
});
