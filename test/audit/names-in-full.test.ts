import { startApp, type TestApp } from '../support/app.js';
import type { Browser, Sight } from '../support/browser.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let helper: Browser;
let anna: Person;
let nameless: Person;
beforeAll(async () => {
  atrium = await startApp();
  helper = (await atrium.people.staff('helper@atrium.example')).browser;
  anna = await atrium.people.adminOf('Acme', 'anna@acme.example');
  await anna.browser.fill('/settings/users/', { email: 'nele@ketje.example', role: 'member' });
  // A person without a display name.
  nameless = await atrium.people.newcomer('otto@acme.example');
  await atrium.sql('UPDATE user_profile SET display_name = NULL WHERE id = $1', [
    nameless.profileId,
  ]);
  await nameless.browser.post('/logout/');
  nameless = await atrium.people.signedIn('otto@acme.example');
});
afterAll(() => atrium.stop());

async function entry(action: string, subject: string): Promise<string> {
  const [row] = await atrium.sql<{ id: string }>(
    'SELECT id FROM audit_entry WHERE action = $1 AND subject_name = $2 ORDER BY at DESC LIMIT 1',
    [action, subject],
  );
  return row!.id;
}

const sentences = (seen: Sight) =>
  seen.document.querySelectorAll('tbody th').map((each) => each.textContent.trim());

describe('Staff read the addresses of people in full', () => {
  test('in the list of all audit trails', async () => {
    const told = sentences(await helper.visit('/admin/audit/'));
    expect(told).toContain('Anna invited nele@ketje.example');
    expect(told).toContain('otto@acme.example logged in');
    expect(told.filter((each) => each.includes('…'))).toEqual([]);
  });

  test('on the page of an entry', async () => {
    const invited = await entry('invitation.created', 'n…@ketje.example');
    const seen = await helper.visit(`/admin/audit/${invited}/`);
    expect(seen.at('h1')).toBe('Anna invited nele@ketje.example');
    expect(seen.text).not.toContain('n…');
  });

  test('in the timeline on a person’s page', async () => {
    const seen = await helper.visit(`/admin/users/${nameless.userId}/`);
    expect(seen.at('.admin-timeline')).toContain('otto@acme.example logged in');
    expect(seen.at('.admin-timeline')).not.toContain('o…');
  });

  test('but not an address that has changed since', async () => {
    await atrium.sql(`UPDATE users SET email = 'paula@other.example' WHERE id = $1`, [
      nameless.userId,
    ]);
    const told = sentences(await helper.visit('/admin/audit/'));
    expect(told).toContain('o…\u2060@acme.example logged in');
    expect(told.join()).not.toContain('paula@other.example');
    await atrium.sql(`UPDATE users SET email = 'otto@acme.example' WHERE id = $1`, [
      nameless.userId,
    ]);
  });

  test('while entries store them masked', async () => {
    const rows = await atrium.sql<{ row: string }>(
      'SELECT row_to_json(e)::text AS row FROM audit_entry e',
    );
    const all = rows.map(({ row }) => row).join('\n');
    expect(all).toContain('n…@ketje.example');
    for (const address of ['nele@ketje.example', 'otto@acme.example', 'anna@acme.example']) {
      expect(all).not.toContain(address);
    }
  });
});

test('on the page of an entry staff read in words what was before and after', async () => {
  await nameless.browser.post('/theme/set/', { theme: 'night' });
  const changed = await entry('profile.updated', 'o…@acme.example');
  const seen = await helper.visit(`/admin/audit/${changed}/`);
  expect(seen.at('h1')).toBe('otto@acme.example changed their profile');
  expect(seen.text).toContain('Appearance: As my system → Dark');
});
