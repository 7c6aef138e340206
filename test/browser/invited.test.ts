/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD, type Person } from '../support/people.js';
import { inChromium, visitor } from './chromium.js';
import { tooWide } from './measures.js';
import { openedApp } from './opened-app.js';

const PHONE = {
  viewport: { width: 375, height: 740 },
  isMobile: true,
  hasTouch: true,
  locale: 'nl-BE',
  reducedMotion: 'reduce',
} as const;

inChromium('Somebody who is invited, with a phone and in Dutch', () => {
  let anna: Person;
  const app = openedApp(async ({ atrium }) => {
    anna = await atrium.people.adminOf('Bakkerij Peeters', 'anna@peeters.test');
  });

  /** Taps a button or link and waits for the page behind it, which has to fit and to be in Dutch. */
  async function tap(page: Page, selector: string, address: string): Promise<void> {
    await Promise.all([page.waitForURL(`**${address}`), page.locator(selector).first().tap()]);
    await fits(page);
  }

  async function fits(page: Page): Promise<void> {
    expect(await page.getAttribute('html', 'lang')).toMatch(/^nl/);
    expect(await tooWide(page)).toEqual([]);
  }

  test('joins from the mail, adds a project with the dock at hand, and signs in again', async () => {
    const { atrium, browser, home } = app;
    await anna.browser.visit('/settings/users/');
    await anna.browser.submit('/settings/users/', { email: 'bram@peeters.test', role: 'member' });
    const mail = await atrium.mails.expect('bram@peeters.test');
    const { page, complaints } = await visitor(browser, PHONE);

    await page.goto(home + linkIn(mail));
    await fits(page);
    expect(await page.locator('h1').innerText()).toBe('Word lid van Bakkerij Peeters');
    await page.fill('[name=password]', PASSWORD);
    await page.fill('[name=password_confirm]', `${PASSWORD}!`);
    await page.locator('main form button[type=submit]').last().tap();
    await page.locator('[name=password_confirm][aria-invalid=true]').waitFor();
    expect(await page.title()).toMatch(/^Fout: /);
    await page.fill('[name=password]', PASSWORD);
    await page.fill('[name=password_confirm]', PASSWORD);
    await tap(page, 'main form button[type=submit]:last-of-type', '/profile/');
    expect(await page.locator('#announced').innerText()).toBe('Welkom bij Bakkerij Peeters!');

    expect(await page.inputValue('[name=timezone]')).toBe('Europe/Brussels');
    await page.fill('[name=display_name]', 'Bram');
    await page.locator('form[action="/profile/"] button[type=submit]').last().tap();
    await page.locator('[data-notices]').waitFor();
    await tap(page, '.dock-bar a[href="/dashboard/"]', '/dashboard/');
    expect(await page.locator('h1').innerText()).toContain('Bram');

    await tap(page, '.dock-bar a[href="/projects/"]', '/projects/');
    await tap(page, 'main a[href="/projects/new/"]', '/projects/new/');
    await page.fill('[name=name]', 'Nieuwe oven');
    await page.locator('main form[action="/projects/new/"] button[type=submit]').last().tap();
    await page.getByRole('heading', { name: 'Nieuwe oven' }).waitFor();
    await fits(page);
    expect(await page.locator('#announced').innerText()).toBe('Het project is toegevoegd.');

    // What is for admins is neither offered nor open.
    expect(await page.locator('a[href="/settings/users/"]').count()).toBe(0);
    expect((await page.goto(`${home}/settings/users/`))?.status()).toBe(403);
    await fits(page);

    await page.context().clearCookies({ name: 'atrium_session' });
    await page.goto(`${home}/projects/`);
    await page.waitForURL('**/login/**');
    await page.fill('[name=email]', 'Bram@Peeters.test');
    await page.fill('[name=password]', PASSWORD);
    await tap(page, 'main form[action^="/login/"] button[type=submit]', '/projects/');
    expect(await page.locator('tbody').innerText()).toContain('Nieuwe oven');
    expect(complaints).toEqual([]);

    // Once only.
    await page.goto(home + linkIn(mail));
    expect(await page.locator('h1').innerText()).toBe('Deze uitnodiging is al aanvaard');
    await page.context().close();
  }, 180_000);
});
