import { RoundTrips } from '../support/round-trips.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { withoutFlag } from '../support/flags.js';

let atrium: TestApp;
let admin: Person;
beforeAll(async () => {
  atrium = await startApp({ ROLE: 'web' });
  admin = await atrium.people.adminOf('Acme', 'admin@acme.example');
});
afterAll(() => atrium.stop());

/** The list as a person reads it: what is done and what is left; null where there is none. */
async function list({ browser }: Person) {
  const { document } = await browser.visit('/dashboard/');
  const card = document.querySelector('[aria-labelledby="checklist-title"]');
  if (!card) return null;
  const items = card.querySelectorAll('li');
  const titleOf = (item: (typeof items)[number]) =>
    item.querySelector('span.block, a')!.textContent.replace('(done)', '').trim();
  return {
    progress: /\d+ of \d+ done/.exec(card.textContent)?.[0],
    done: items.filter((item) => !item.querySelector('a')).map(titleOf),
    left: items.filter((item) => item.querySelector('a')).map(titleOf),
    links: card.querySelectorAll('a').map((link) => link.getAttribute('href')),
  };
}

const EMAIL = 'Confirm your e-mail address';
const LOGO = 'Add your logo';
const TEAM = 'Invite your team';
const FACTOR = 'Protect your login';
const PROJECT = 'Add a project';

test('an admin of a new organisation is told what to begin with, each with its page', async () => {
  expect(await list(admin)).toEqual({
    progress: '0 of 5 done',
    done: [],
    left: [EMAIL, LOGO, TEAM, FACTOR, PROJECT],
    links: [
      '/profile/#email-card',
      '/settings/general/',
      '/settings/users/#invite',
      '/profile/security/',
      '/projects/new/',
    ],
  });
});

test('what is done is ticked, and unticked when it is not true any more', async () => {
  await admin.browser.fill('/projects/new/', { name: 'First' });
  expect((await list(admin))!.done).toEqual([PROJECT]);
  await admin.browser.fill('/settings/users/', { email: 'guest@acme.example', role: 'member' });
  await atrium.sql('UPDATE users SET email_verified_at = now() WHERE id = $1', [admin.userId]);
  expect((await list(admin))!.done).toEqual([EMAIL, TEAM, PROJECT]);
  await atrium.sql('UPDATE project SET deleted_at = now()');
  expect((await list(admin))!.done).toEqual([EMAIL, TEAM]);
  await atrium.sql('UPDATE project SET deleted_at = NULL');
});

test('it goes by itself when all is done', async () => {
  const before = await atrium.sql<{ logo: string | null }>('SELECT logo FROM tenant');
  expect(before).toEqual([{ logo: null }]);
  await atrium.sql(`UPDATE tenant SET logo = 'logo/x.webp'`);
  await atrium.sql(`UPDATE users SET second_factors = '{totp}' WHERE id = $1`, [admin.userId]);
  expect(await list(admin)).toBeNull();
  await atrium.sql(`UPDATE users SET second_factors = '{}' WHERE id = $1`, [admin.userId]);
  expect((await list(admin))!.left).toEqual([FACTOR]);
});

test('"Hide this list" puts it away for this person alone, and "Undo" brings it back', async () => {
  const other = await atrium.people.adminOf('Acme', 'other@acme.example');
  await admin.browser.visit('/dashboard/');
  const hidden = await admin.browser.submit('/dashboard/checklist/hide/');
  const page = await admin.browser.follow(hidden);
  expect(page.text).toContain('The list is hidden.');
  expect(page.form('/dashboard/checklist/undo/')).toHaveProperty('_csrf');
  expect(await list(admin)).toBeNull();
  expect(await list(other)).not.toBeNull();
  const back = await admin.browser.follow(await admin.browser.post('/dashboard/checklist/undo/'));
  expect(back.text).toContain('The list is back.');
  expect((await list(admin))!.left).toEqual([FACTOR]);
});

test('members, and admins of an organisation that is not new, have none', async () => {
  const member = await atrium.people.memberOf('Acme', 'member@acme.example');
  expect(await list(member)).toBeNull();
  expect((await member.browser.post('/dashboard/checklist/hide/')).status).toBe(403);
  const old = await atrium.people.adminOf('Old', 'old@acme.example');
  expect(await list(old)).not.toBeNull();
  // The trigger keeps the moment of creation as it is.
  await atrium.sql('ALTER TABLE tenant DISABLE TRIGGER stamp_audit');
  await atrium.sql(`UPDATE tenant SET created_at = now() - interval '31 days' WHERE id = $1`, [
    old.tenantId,
  ]);
  await atrium.sql('ALTER TABLE tenant ENABLE TRIGGER stamp_audit');
  expect(await list(old)).toBeNull();
});

test('nothing of another organisation ticks anything', async () => {
  const gina = await atrium.people.adminOf('Globex', 'gina@globex.example');
  expect((await list(gina))!.done).toEqual([]);
});

test('who may not open a page is not sent there', async () => {
  await withoutFlag(atrium, 'projects', async () => {
    const { left, done } = (await list(admin))!;
    expect([...left, ...done]).not.toContain(PROJECT);
  });
});

test('all items are asked with one statement, in the round trip of the page', async () => {
  const trips = new RoundTrips();
  trips.begin(atrium.app.getHttpServer());
  try {
    const seen = await trips.of(() => admin.browser.visit('/dashboard/'));
    const asks = (text: string) => text.includes('checklist_hidden_at');
    expect(seen.flat().filter(asks)).toHaveLength(1);
    const trip = seen.find((statements) => statements.some(asks))!;
    expect(trip.some((text) => text.includes('"memberCount"'))).toBe(true);
    for (const item of ['FROM project r', 'FROM invitation i']) {
      expect(trip.find(asks)).toContain(item);
    }
  } finally {
    trips.end();
  }
});
