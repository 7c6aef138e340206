import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let helper: Person;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  helper = await atrium.people.staff('helper@atrium.example');
});
afterAll(() => atrium.stop());

async function times(path: string): Promise<string[]> {
  const seen = await helper.browser.visit(path);
  const all = seen.document.querySelectorAll('main time');
  return all.map((time) => time.getAttribute('title') ?? time.textContent);
}

const setZone = (name: string | null) =>
  atrium.sql(
    `UPDATE user_profile SET timezone_id = (SELECT id FROM timezone WHERE name = $2) WHERE id = $1`,
    [helper.profileId, name],
  );

const pages = () => ['/admin/users/', '/admin/audit/', `/admin/users/${helper.userId}/`];

test('staff without a time zone see times in UTC, labelled so', async () => {
  await setZone(null);
  for (const path of pages()) {
    const told = (await times(path)).filter((text) => /\d\d:\d\d/.test(text));
    expect([path, told.length > 0]).toEqual([path, true]);
    expect(told.filter((text) => !/\d\d:\d\d UTC$/.test(text))).toEqual([]);
  }
});

test('staff with a time zone see times in it', async () => {
  await setZone('Asia/Kolkata');
  const [row] = await atrium.sql<{ at: string }>(
    `SELECT to_char(created_at AT TIME ZONE 'Asia/Kolkata', 'HH24:MI') AS at FROM users WHERE id = $1`,
    [helper.userId],
  );
  const told = (await times(`/admin/users/${helper.userId}/`)).join('\n');
  expect(told).toContain(row!.at);
  expect(told).not.toContain('UTC');
});
