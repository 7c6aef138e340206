/// <reference lib="dom" />
import type { Browser, Page } from 'playwright-core';
import { runInContext } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { Notifications } from '../../src/notifications/notifications.service.js';
import { startApp, type Replica, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { inChromium, launch, visitor } from './chromium.js';

inChromium('The bell', () => {
  let atrium: TestApp;
  let replica: Replica;
  let chromium: Browser;
  let home: string;
  let anna: Person;

  beforeAll(async () => {
    [atrium, chromium] = await Promise.all([startApp({ ROLE: 'web' }), launch()]);
    [replica, home] = await Promise.all([atrium.replica(), atrium.app.getUrl()]);
    anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
    await atrium.sql('DELETE FROM notification');
  }, 90_000);
  afterAll(async () => {
    await chromium?.close();
    await replica?.stop();
    await atrium?.stop();
  });

  /** In the other process: somebody has joined. */
  function joined(name: string): Promise<void> {
    const work = () =>
      replica.app.get(Notifications).tell([anna.userId], 'member.joined', { name });
    return runInContext({ tenantId: anna.tenantId! }, () => replica.app.get(UnitOfWork).run(work));
  }

  const shows = (page: Page, name: string) =>
    page.getByRole('link', { name, exact: true }).waitFor();

  test('counts in every tab what another process tells, reads it out, and what is read in one tab', async () => {
    const { page, complaints } = await visitor(chromium, { locale: 'en-GB' });
    const session = anna.browser.cookie('session')!;
    await page.context().addCookies([{ name: 'atrium_session', value: session, url: home }]);
    await page.goto(`${home}/dashboard/`);
    const other = await page.context().newPage();
    await other.goto(`${home}/projects/`);
    await shows(other, 'Notifications');

    await joined('Bob Claes');
    for (const tab of [page, other]) await shows(tab, 'Notifications, 1 unread');
    const said = other.locator('[data-bell-said]');
    await said.getByText('Bob Claes accepted the invitation and joined').waitFor();

    // Whichever tab listens goes away: the other one hears what comes next.
    await page.close();
    await joined('Dina Maes');
    await shows(other, 'Notifications, 2 unread');

    await other.goto(`${home}/notifications/`);
    const reader = await other.context().newPage();
    await reader.goto(`${home}/notifications/`);
    await reader.getByRole('button', { name: 'Mark all as read' }).click();
    await shows(other, 'Notifications');
    expect(complaints).toEqual([]);
    await other.context().close();
  }, 120_000);
});
