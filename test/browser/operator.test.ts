/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { PASSWORD, type Person } from '../support/people.js';
import { inChromium, visitor } from './chromium.js';
import { openedApp } from './opened-app.js';

inChromium('Somebody of the operator', () => {
  let anna: Person;
  const app = openedApp(async ({ atrium }) => {
    anna = await atrium.people.adminOf('Bakkerij Peeters', 'anna@peeters.test');
    await atrium.people.staff('nora@operator.test', true);
    await atrium.people.staff('other@operator.test', true);
  });

  /** Presses a button or link and waits for the page behind it. */
  const press = (page: Page, selector: string, address: string | RegExp) =>
    Promise.all([page.waitForURL(address), page.locator(selector).first().click()]);

  test('finds a customer by a part of the name, notes the call, looks as they do, and ends their access and gives it back', async () => {
    const { atrium, browser, home } = app;
    const { page, complaints } = await visitor(browser, { locale: 'en-GB' });
    await page.goto(`${home}/login/`);
    await page.fill('[name=email]', 'nora@operator.test');
    await page.fill('[name=password]', PASSWORD);
    await page.press('[name=password]', 'Enter');
    await page.waitForURL('**/admin/');

    await page.fill('#find', 'eeter');
    await page.press('#find', 'Enter');
    await page.waitForURL('**/admin/search/?q=eeter');
    const found = page.locator('main a.admin-title');
    expect(await found.allInnerTexts()).toContain('Bakkerij Peeters');
    const organisation = `/admin/tenants/${anna.tenantId}/`;
    await press(page, `main a[href="${organisation}"]`, `**${organisation}`);

    await page.fill('#note-text', 'Called: cannot find the invoice.');
    await press(page, `form[action="${organisation}notes/"] button`, `**${organisation}**`);
    expect(await page.locator('[aria-labelledby=notes] li').innerText()).toContain(
      'Called: cannot find the invoice.',
    );

    await page.goto(`${home}/admin/users/${anna.userId}/act/`);
    await page.fill('[name=reason]', 'Looks for an invoice with Anna');
    await press(page, 'form[action$="/act/"] button[type=submit]', '**/dashboard/');
    expect(await page.locator('body').innerText()).toContain('Bakkerij Peeters');
    await page.goto(`${home}/projects/new/`);
    expect(await page.locator('main form button[type=submit]:enabled').count()).toBe(0);
    await press(page, 'form[action$="/stop/"] button', /\/admin\//);

    const user = `/admin/users/${anna.userId}/`;
    await page.goto(home + user);
    await press(page, `main a[href="${user}deactivate/"]`, `**${user}deactivate/`);
    await press(page, `form[action^="${user}"] button[type=submit]`, `**${user}`);
    expect((await anna.browser.visit('/dashboard/')).status).toBe(302);
    await press(page, `main a[href="${user}restore/"]`, `**${user}restore/`);
    await press(page, `form[action^="${user}"] button[type=submit]`, `**${user}`);
    expect((await atrium.people.signedIn('anna@peeters.test')).email).toBe('anna@peeters.test');
    expect(complaints).toEqual([]);

    await page.goto(`${home}/admin/users/?q=peeters`);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('a[href*="export.csv"]').click(),
    ]);
    expect(file.suggestedFilename()).toMatch(/users.*\.csv$/);
    await page.context().close();
  }, 180_000);
});
