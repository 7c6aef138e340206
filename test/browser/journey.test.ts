/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { PASSWORD } from '../support/people.js';
import { inChromium, visitor } from './chromium.js';
import { openedApp } from './opened-app.js';

inChromium('The first journey', () => {
  const app = openedApp();

  const send = (page: Page, action: string) =>
    page.click(`form[action^="${action}"] button[type=submit]:not([name=skip])`);

  async function journey(page: Page, email: string): Promise<void> {
    await page.goto(app.home);
    await page.click('main a[href="/register/"]');
    await page.fill('[name=email]', email);
    await page.fill('[name=password]', PASSWORD);
    await page.click('main form[action="/register/"] button[type=submit]:last-of-type');
    await page.waitForURL('**/profile/complete/');
    await page.fill('[name=display_name]', 'Anna Peeters');
    await send(page, '/profile/complete/');
    await page.waitForURL('**/onboarding/create-tenant/');
    expect(await page.inputValue('[name=organization]')).toBe('Acme Consulting');
    await send(page, '/onboarding/create-tenant/');
    await page.waitForURL('**/onboarding/invite/');
    await page.fill('[name=email]', `colleague-of-${email}`);
    await send(page, '/onboarding/invite/');
    await page.waitForURL('**/dashboard/');
    expect(await page.textContent('h1')).toContain('Anna Peeters');

    await page.goto(`${app.home}/profile/`);
    await page.fill('[name=display_name]', 'Anna P.');
    await send(page, '/profile/');
    await page.waitForLoadState();
    expect(await page.inputValue('[name=display_name]')).toBe('Anna P.');

    await page.goto(`${app.home}/dashboard/`);
    await page.locator('form[action="/logout/"] button').first().dispatchEvent('click');
    await page.waitForURL(`${app.home}/`);
    await page.goto(`${app.home}/login/?next=/profile/`);
    await page.fill('[name=email]', email);
    await page.fill('[name=password]', PASSWORD);
    await page.press('[name=password]', 'Enter');
    await page.waitForURL('**/profile/');
  }

  test('with JavaScript: time zone and country are detected, without console errors', async () => {
    const { page, complaints } = await visitor(app.browser);
    await page.goto(`${app.home}/register/`);
    await page.fill('[name=email]', 'hint@acme-consulting.be');
    await page.fill('[name=password]', PASSWORD);
    await page.press('[name=password]', 'Enter');
    await page.waitForURL('**/profile/complete/');
    expect(await page.inputValue('[name=timezone]')).toBe('Europe/Brussels');
    expect(await page.inputValue('[name=country]')).toBe('BE');
    await page.context().clearCookies();

    await journey(page, 'anna@acme-consulting.be');
    expect(complaints).toEqual([]);
  }, 180_000);

  test('with the keyboard alone, from the skip link to the dashboard', async () => {
    const { page } = await visitor(app.browser);
    await page.goto(`${app.home}/register/`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe(
      '#main-content',
    );
    await tabTo(page, '[name=email]');
    await page.keyboard.type('carla@acme-consulting.be');
    await tabTo(page, '[name=password]');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/profile/complete/');
    await tabTo(page, '[name=display_name]');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/onboarding/create-tenant/');
    await tabTo(page, '[name=organization]');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/onboarding/invite/');
    await tabTo(page, 'main form a[href="/dashboard/"]');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/dashboard/');
  }, 180_000);

  test('the theme changes without a reload and is applied at first paint', async () => {
    const { page } = await visitor(app.browser);
    await page.goto(app.home);
    const theme = () => page.getAttribute('html', 'data-theme');
    const seen = [await theme()];
    await page.evaluate(() => void Object.assign(window, { sameDocument: true }));
    for (let turn = 0; turn < 3; turn++) {
      const before = await theme();
      const stored = page.waitForResponse('**/theme/set/');
      await page.click('header form[action="/theme/set/"] button');
      await stored;
      await page.waitForFunction((old) => document.documentElement.dataset.theme !== old, before);
      seen.push(await theme());
    }
    expect(seen).toEqual(['system', 'corporate', 'night', 'system']);
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);

    await page.click('header form[action="/theme/set/"] button');
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'corporate');
    await page.waitForTimeout(200);
    const first = await page.request.get(app.home);
    expect(await first.text()).toContain('data-theme="corporate"');
  }, 90_000);
});

/** Tab until the element has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    const there = await page.evaluate(
      (wanted) => document.activeElement?.matches(wanted) ?? false,
      selector,
    );
    if (there) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} cannot be reached with the Tab key`);
}
