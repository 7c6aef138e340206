import { startApp, type TestApp } from '../support/app.js';
import { withoutFlag } from '../support/flags.js';
import type { Person } from '../support/people.js';

let atrium: TestApp;
let anna: Person;
beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
});
afterAll(() => atrium.stop());
beforeEach(() => atrium.sql('DELETE FROM project'));

/** Days from today in UTC; negative: in the past. */
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

async function add(name: string, due: number | null, status = 'active', by = anna) {
  await by.browser.visit('/projects/new/');
  const due_date = due === null ? '' : day(due);
  await by.browser.submit('/projects/new/', { name, due_date, status });
}

async function agendaOf({ browser }: Person): Promise<string[] | null> {
  const { document } = await browser.visit('/dashboard/');
  const card = document.querySelector('[aria-labelledby="agenda-title"]');
  if (!card) return null;
  return card.querySelectorAll('li').map((entry) => {
    const late = entry.text.includes('Overdue') ? ' (overdue)' : '';
    return `${entry.querySelector('a')!.text.trim()}${late}`;
  });
}

test('shows what is overdue and what falls due within two weeks, earliest first', async () => {
  await add('Roof', 14);
  await add('Quay', 2, 'planned');
  await add('Bridge', -30);
  await add('Later', 16);
  await add('Without a day', null);
  await add('Finished', -2, 'done');
  await add('Deleted', 1);
  await atrium.sql(`UPDATE project SET deleted_at = now() WHERE name = 'Deleted'`);
  expect(await agendaOf(anna)).toEqual(['Bridge (overdue)', 'Quay', 'Roof']);
});

test('each leads to its page, and the list to all of them by due date', async () => {
  await add('Quay', 2);
  const [quay] = await atrium.sql<{ id: string }>('SELECT id FROM project');
  const { document } = await anna.browser.visit('/dashboard/');
  const links = document.querySelectorAll('[aria-labelledby="agenda-title"] a');
  expect(links.map((link) => link.getAttribute('href'))).toEqual([
    `/projects/${quay!.id}/`,
    '/projects/?sort=due',
  ]);
  for (const link of links) {
    expect((await anna.browser.visit(link.getAttribute('href')!)).status).toBe(200);
  }
});

test('shows six at most', async () => {
  for (let due = 1; due <= 4; due++) {
    await add(`Early ${due}`, due);
    await add(`Late ${due}`, due - 10);
  }
  expect(await agendaOf(anna)).toEqual([
    ...['Late 1 (overdue)', 'Late 2 (overdue)', 'Late 3 (overdue)', 'Late 4 (overdue)'],
    ...['Early 1', 'Early 2'],
  ]);
});

test('a day is over when it is over where the person is', async () => {
  await add('Quay', 0);
  const inZone = (name: string) =>
    atrium.sql(
      `UPDATE user_profile SET timezone_id = (SELECT id FROM timezone WHERE name = $1)
       WHERE tenant_id = $2`,
      [name, anna.tenantId],
    );
  // Yesterday in the east of the world is today, or still to come, 25 hours behind it.
  await atrium.sql(
    `UPDATE project SET due_date = (now() AT TIME ZONE 'Pacific/Kiritimati')::date - 1`,
  );
  await inZone('Pacific/Kiritimati');
  expect(await agendaOf(anna)).toEqual(['Quay (overdue)']);
  await inZone('Pacific/Niue');
  expect(await agendaOf(anna)).toEqual(['Quay']);
});

test('nothing is shown where nothing falls due, or where projects are off; others see their own', async () => {
  expect(await agendaOf(anna)).toBeNull();
  await add('Quay', 2);
  const other = await atrium.people.adminOf('Globex', 'tom@globex.test');
  expect(await agendaOf(other)).toBeNull();
  await add('Tower', 3, 'active', other);
  expect(await agendaOf(other)).toEqual(['Tower']);
  const member = await atrium.people.memberOf('Acme', 'mia@acme.test');
  expect(await agendaOf(member)).toEqual(['Quay']);
  await withoutFlag(atrium, 'projects', async () => {
    expect(await agendaOf(member)).toBeNull();
  });
});

test('admins are led from recent activity to all of it, members are not', async () => {
  const member = await atrium.people.memberOf('Acme', 'max@acme.test');
  await add('Quay', 2);
  const hasLink = async ({ browser }: Person) =>
    (await browser.visit('/dashboard/')).document.querySelector(
      '[aria-labelledby="activity-title"] a[href="/settings/activity/"]',
    ) !== null;
  expect([await hasLink(anna), await hasLink(member)]).toEqual([true, false]);
});
