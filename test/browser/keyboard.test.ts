/// <reference lib="dom" />
import type { Locator, Page } from 'playwright-core';
import { inChromium } from './chromium.js';
import { makeWorld, walk, type World } from './world.js';

inChromium('With the keyboard alone', () => {
  let world: World;
  beforeAll(async () => void (world = await makeWorld()), 180_000);
  afterAll(() => world?.end());

  test('every menu and dialog can be opened and closed by keyboard, traps the focus and restores it', async () => {
    const tries = { 'details[data-menu] > summary': tryMenu, 'a[data-dialog-open]': tryDialog };
    const kinds = new Set<string>();
    await walk(world, {}, { reducedMotion: 'reduce' }, async (page, who, path) => {
      for (const [selector, attempt] of Object.entries(tries)) {
        const openers = page.locator(`${selector}:visible`);
        for (const [index, kind] of (await openers.evaluateAll(kindsOf)).entries()) {
          // Each kind of menu once.
          if (kinds.has(kind)) continue;
          kinds.add(kind);
          await attempt(page, openers.nth(index)).catch((error: Error) => {
            throw new Error(`${who} ${path}, ${kind}: ${error.message}`);
          });
        }
      }
    });
    expect(kinds.size).toBeGreaterThanOrEqual(8);
  }, 180_000);

  test('so does the full-screen menu on phones, and its links work', async () => {
    const phone = { viewport: { width: 375, height: 760 }, hasTouch: true };
    const { page } = await world.as('admin', {}, { reducedMotion: 'reduce', ...phone });
    await page.goto(world.address('/dashboard/'));
    const opener = page.locator('.dock-bar [data-dialog-open]');
    await tryDialog(page, opener);
    await opener.press('Enter');
    expect(await page.locator('#menu > div').boundingBox()).toMatchObject(phone.viewport);
    await tabTo(page, '#menu a[href="/projects/"]');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/projects/');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    await page.context().close();
  }, 90_000);

  test('a status is changed in the list, and taken back', async () => {
    const { page } = await world.as('admin', {}, { reducedMotion: 'reduce' });
    await page.goto(world.address('/projects/'));
    const status = page.locator('tbody .in-place').first();
    const before = await status.innerText();
    expect(await status.getAttribute('aria-label')).toContain(before);
    await status.focus();
    await page.keyboard.press('Enter');
    const choices = page.locator(':popover-open button');
    expect(await choices.allInnerTexts()).toEqual(['Planned', 'Active', 'Done']);
    await page.keyboard.press('Escape');
    expect([
      await choices.count(),
      await status.evaluate((each) => each === document.activeElement),
    ]).toEqual([0, true]);
    await page.keyboard.press('Enter');
    await tabTo(page, ':popover-open button[value="done"]');
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
    expect(await page.locator('#announced').innerText()).toBe('The change has been saved.');
    expect(await status.innerText()).toBe('Done');
    await tabTo(page, 'form[action$="/undo/"] button');
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
    expect(await page.locator('#announced').innerText()).toBe('The change has been undone.');
    expect(await status.innerText()).toBe(before);
    await page.context().close();
  }, 90_000);

  test('a long list is filtered by typing, and announces its results', async () => {
    const { page } = await world.as('newcomer', {}, { reducedMotion: 'reduce' });
    await page.goto(world.address('/profile/complete/'));
    const zone = page.getByRole('combobox', { name: 'Time zone' });
    const chosen = () => page.inputValue('select[name=timezone]', { timeout: 1000 });
    const active = () =>
      zone.evaluate((field) => {
        const option = document.getElementById(field.getAttribute('aria-activedescendant') ?? '');
        return option?.role === 'option' ? option.textContent : null;
      });
    const expanded = () => zone.getAttribute('aria-expanded');

    await tabTo(page, '[role=combobox]');
    expect([await expanded(), await zone.getAttribute('aria-autocomplete')]).toEqual([
      'false',
      'list',
    ]);
    await page.keyboard.type('brus');
    expect([await expanded(), await active()]).toEqual([
      'true',
      expect.stringContaining('Europe/Brussels'),
    ]);
    const list = page.getByRole('listbox', { name: 'Time zone' });
    expect(await zone.getAttribute('aria-controls')).toBe(await list.getAttribute('id'));
    await page.keyboard.press('Enter');
    expect([await expanded(), await chosen()]).toEqual(['false', 'Europe/Brussels']);

    // Opened again the chosen one is the active one; the arrows go round from there.
    await page.keyboard.press('ArrowDown');
    expect(await active()).toContain('Europe/Brussels');
    expect(await list.getByRole('option', { selected: true }).textContent()).toContain('Brussels');
    await page.keyboard.press('ArrowDown');
    const next = await active();
    expect(next).not.toContain('Brussels');
    await page.keyboard.press('ArrowUp');
    expect(await active()).toContain('Europe/Brussels');

    // Escape leaves everything as it was; Tab takes what is marked.
    await page.keyboard.type('tokyo');
    await page.keyboard.press('Escape');
    expect([await expanded(), await chosen()]).toEqual(['false', 'Europe/Brussels']);
    expect(await zone.inputValue()).toContain('Europe/Brussels');
    await zone.selectText();
    await page.keyboard.type('new york');
    await page.keyboard.press('Tab');
    expect(await chosen()).toBe('America/New_York');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe(
      'combobox',
    );

    // What is not there is said; what is cleared is no choice.
    const country = page.getByRole('combobox', { name: 'Country' });
    await page.keyboard.type('atlantis');
    expect(await page.getByRole('option').textContent()).toContain('Nothing found');
    await page.keyboard.press('Tab');
    expect(await country.inputValue()).toBe('');
    await zone.fill('');
    await page.keyboard.press('Tab');
    expect(await chosen()).toBe('');
    await page.context().close();
  }, 90_000);

  test('a refused form starts with its errors, which link to the fields', async () => {
    for (const [who, forms] of Object.entries(REFUSED) as [keyof typeof REFUSED, Refused[]][]) {
      const { page } = await world.as(who, {}, { reducedMotion: 'reduce' });
      for (const { path, action = path, field, value } of forms) {
        await page.goto(world.address(path));
        const form = page.locator(`main form[action="${action}"]:has([name="${field}"])`);
        await form.locator(`[name="${field}"]`).fill(value);
        await form.locator('[type=submit]').last().press('Enter');
        const summary = page.locator('[role=alert][data-form-errors]:focus');
        const target = await summary.locator('a').first().getAttribute('href');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        // The browser goes there in a task of its own.
        await page.locator(`${target}:focus`).waitFor();
        const isTold = page.locator(`${target}[aria-invalid=true][aria-describedby]`);
        expect([action, await isTold.count()]).toEqual([action, 1]);
      }
      await page.context().close();
    }
  }, 180_000);
});

interface Refused {
  path: string;
  /** Action of the form, when it differs from the page. */
  action?: string;
  field: string;
  value: string;
}

const REFUSED: Record<'anyone' | 'admin', Refused[]> = {
  anyone: [
    { path: '/register/', field: 'email', value: 'nobody' },
    { path: '/login/', field: 'email', value: 'nobody@acme.test' },
    { path: '/password-reset/', field: 'email', value: 'nobody' },
  ],
  admin: [
    { path: '/projects/new/', field: 'name', value: '' },
    { path: '/settings/general/', field: 'organization', value: '' },
    {
      path: '/settings/users/#invite',
      action: '/settings/users/',
      field: 'email',
      value: 'nobody',
    },
    { path: '/profile/', action: '/profile/email/', field: 'email', value: 'nobody' },
    {
      path: '/profile/security/',
      action: '/profile/password/',
      field: 'new_password',
      value: 'short',
    },
  ],
};

/** Identifies a menu or dialog by its controls, independent of the row. */
function kindsOf(openers: Element[]): string[] {
  return openers.map((opener) => {
    const panel =
      opener.closest('details') ?? document.querySelector((opener as HTMLAnchorElement).hash)!;
    const parts = panel.querySelectorAll('a[href], form, input[name=action], button[value]');
    return [...parts]
      .map((part) => ['href', 'action', 'value'].map((name) => part.getAttribute(name)).join(''))
      .map((text) => text.replaceAll(/[0-9a-f-]{36}/g, ':id'))
      .join(' ');
  });
}

async function tryMenu(page: Page, summary: Locator): Promise<void> {
  const menu = summary.locator('..');
  const items = menu.locator('a[href], button');
  const last = (await items.count()) - 1;
  const isOpen = () => menu.evaluate((details) => (details as HTMLDetailsElement).open);
  const focusIsOn = async (index: number) =>
    items.nth(index).evaluate((item) => item === document.activeElement);
  const press = (key: string) => page.keyboard.press(key);
  const backOnSummary = async () => {
    expect(await isOpen()).toBe(false);
    expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true);
  };

  await summary.focus();
  for (const key of ['Enter', 'Space']) {
    await press(key);
    expect(await isOpen()).toBe(true);
    await press('Escape');
    await backOnSummary();
  }
  await press('ArrowDown');
  expect([await isOpen(), await focusIsOn(0)]).toEqual([true, true]);
  const moves: [string, number][] = [
    ['ArrowUp', last],
    ['ArrowDown', 0],
    ['End', last],
    ['Home', 0],
    ['ArrowDown', Math.min(1, last)],
  ];
  for (const [key, index] of moves) {
    await press(key);
    expect([key, await focusIsOn(index)]).toEqual([key, true]);
  }
  await press('Escape');
  await backOnSummary();
  await press('ArrowUp');
  expect([await isOpen(), await focusIsOn(last)]).toEqual([true, true]);
  // Tab leaves and closes it, at once or when the focus has left the page.
  await press('Tab');
  for (let wait = 0; wait < 20 && (await isOpen()); wait++) await page.waitForTimeout(50);
  expect(await isOpen()).toBe(false);
}

async function tryDialog(page: Page, opener: Locator): Promise<void> {
  const id = (await opener.getAttribute('href'))!.slice(1);
  const dialog = page.locator(`dialog[id="${id}"]`);
  const isModal = () => dialog.evaluate((element) => element.matches(':modal'));
  const hasFocus = () => dialog.evaluate((element) => element.contains(document.activeElement));
  const backOnOpener = async () => {
    // Escape is handled in the browser process: it may take a moment.
    const isLeft = (own: string) => !document.getElementById(own)!.matches(':modal');
    await page.waitForFunction(isLeft, id, { timeout: 2_000 });
    expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
  };

  expect(await opener.getAttribute('role')).toBe('button');
  await opener.focus();
  await page.keyboard.press('Enter');
  expect([await isModal(), await hasFocus()]).toEqual([true, true]);
  expect(await dialog.getAttribute('aria-labelledby')).toBeTruthy();
  // Round and back again: the focus never leaves, and comes by the same stops.
  const stops = await dialog.locator('a[href], button, input:not([type=hidden]), summary').count();
  const rounds: Set<string>[] = [];
  for (const key of ['Tab', 'Shift+Tab']) {
    const visited = new Set<string>();
    for (let press = 0; press <= stops; press++) {
      await page.keyboard.press(key);
      expect(await hasFocus()).toBe(true);
      visited.add(await focusedHtml(page));
    }
    rounds.push(visited);
  }
  expect(rounds[1]).toEqual(rounds[0]);
  await page.keyboard.press('Escape');
  await backOnOpener();
  await page.keyboard.press('Space');
  expect(await isModal()).toBe(true);
  await tabTo(page, `[id="${id}"] [data-dialog-close]`);
  await page.keyboard.press('Enter');
  await backOnOpener();
}

function focusedHtml(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement!.outerHTML);
}

/** Tab until the element has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    const isThere = await page.evaluate(
      (wanted) => document.activeElement?.matches(wanted) ?? false,
      selector,
    );
    if (isThere) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} cannot be reached with the Tab key`);
}
