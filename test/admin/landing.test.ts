import { runInContext } from '../../src/core/context/request-context.js';
import { StaffService } from '../../src/users/staff.service.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

async function superuser(email: string): Promise<void> {
  await runInContext({}, () => atrium.app.get(StaffService).makeSuperuser(email, PASSWORD));
}

test('a superuser made by the command begins in the back office, without onboarding', async () => {
  await superuser('root@atrium.test');
  const browser = atrium.browser();
  const answer = await browser.fill('/login/', { email: 'root@atrium.test', password: PASSWORD });
  expect([answer.status, answer.location]).toEqual([303, '/admin/']);
  const page = await browser.follow(answer);
  expect([page.status, page.at('h1')]).toEqual([200, 'Overview']);
  // Who is signed in already is led there as well.
  expect((await browser.visit('/login/')).location).toBe('/admin/');
});

test('and is led to the page they asked for, if they asked for one', async () => {
  await superuser('second@atrium.test');
  const form = { email: 'second@atrium.test', password: PASSWORD };
  const answer = await atrium.browser().fill('/login/?next=/admin/users/', form);
  expect(answer.location).toBe('/admin/users/');
  const evil = await atrium.browser().fill('/login/?next=//evil.test', form);
  expect(evil.location).toBe('/admin/');
});

test('staff with an organisation, and customers, begin on the dashboard', async () => {
  const staff = await atrium.people.adminOf('Acme', 'staff@acme.test');
  await atrium.sql('UPDATE users SET is_staff = true WHERE id = $1', [staff.userId]);
  await atrium.people.memberOf('Acme', 'ben@acme.test');
  for (const email of ['staff@acme.test', 'ben@acme.test']) {
    const answer = await atrium.browser().fill('/login/', { email, password: PASSWORD });
    expect(answer.location).toBe('/dashboard/');
  }
});
