/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { inChromium } from './chromium.js';
import { makeWorld, walk, type World } from './world.js';

/** A4 between margins of 1 cm, at 96 dots an inch. */
const PAPER = { width: 718, height: 1047 };

/** Controls, except form fields, which show typed values. */
const CONTROLS = [
  '.skip-link',
  '.acting',
  '.topbar',
  '.shell-side',
  '.dock-bar',
  'nav',
  'footer',
  'dialog',
  '[role=search] *',
  '[data-notices]',
  'button',
  '.btn',
  '.menu-item',
  '.admin-tick',
  '[type=file]',
].join();

inChromium('A page on paper', () => {
  let world: World;
  beforeAll(async () => void (world = await makeWorld()), 120_000);
  afterAll(() => world?.end());

  /** What `look` finds wrong with every page of the product. */
  async function everywhere(look: (page: Page) => Promise<string[]>): Promise<string[]> {
    const found: string[] = [];
    await walk(world, { language: 'fr-be' }, { viewport: PAPER }, async (page, who, path) => {
      await page.emulateMedia({ media: 'print' });
      found.push(...(await look(page)).map((what) => `${who} ${path}: ${what}`));
      await page.emulateMedia({ media: 'screen' });
    });
    return found;
  }

  test('has none of the navigation, filters, buttons, menus and pagination', async () => {
    const left = await everywhere((page) =>
      page.evaluate(
        (controls) =>
          [...document.querySelectorAll(controls)]
            .filter((element) => element.checkVisibility() && element.clientHeight > 0)
            .map((element) => element.outerHTML.slice(0, 90)),
        CONTROLS,
      ),
    );
    expect(left).toEqual([]);
  }, 300_000);

  test('says when something was, not how long ago', async () => {
    const { page } = await world.as('admin');
    await page.goto(world.address('/dashboard/'));
    await page.emulateMedia({ media: 'print' });
    const time = page.locator('main time[title]').first();
    const printed = await time.evaluate((each) => [
      getComputedStyle(each).fontSize,
      getComputedStyle(each, '::after').content,
    ]);
    expect(printed).toEqual(['0px', `"${await time.getAttribute('title')}"`]);
    await page.context().close();
  });

  test('prints all of its text: nothing is cut off, scrolled or collapsed', async () => {
    const lost = await everywhere((page) =>
      page.evaluate(() => {
        const main = document.querySelector('main') ?? document.body;
        const shown = [...main.querySelectorAll('*')].filter((each) => each.checkVisibility());
        const wide = shown.filter((each) => each.getBoundingClientRect().right > innerWidth + 1);
        const cut = shown.filter(
          (each) =>
            each.scrollHeight > each.clientHeight + 1 &&
            /auto|scroll/.test(getComputedStyle(each).overflowY),
        );
        const folded = [...main.querySelectorAll('details:not(.menu-details)')].filter(
          (each) =>
            each.checkVisibility() &&
            !each.lastElementChild!.checkVisibility({ contentVisibilityAuto: true }),
        );
        return Object.entries({ wide, cut, folded }).flatMap(([what, elements]) =>
          elements.map((each) => `${what} ${each.outerHTML.slice(0, 90)}`),
        );
      }),
    );
    expect(lost).toEqual([]);
  }, 300_000);
});
