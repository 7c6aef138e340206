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
  /** Findings of one walk through all pages, by check. */
  const found: Record<keyof typeof CHECKS, string[]> = { controls: [], lost: [] };

  beforeAll(async () => {
    world = await makeWorld();
    await walk(world, { language: 'fr-be' }, { viewport: PAPER }, async (page, who, path) => {
      await page.emulateMedia({ media: 'print' });
      for (const check of ['controls', 'lost'] as const) {
        const problems = await CHECKS[check](page);
        found[check].push(...problems.map((what) => `${who} ${path}: ${what}`));
      }
      await page.emulateMedia({ media: 'screen' });
    });
  }, 300_000);
  afterAll(() => world?.end());

  test('has none of the navigation, filters, buttons, menus and pagination', () => {
    expect(found.controls).toEqual([]);
  });

  test('prints all of its text: nothing is cut off, scrolled or collapsed', () => {
    expect(found.lost).toEqual([]);
  });

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
});

/** What is wrong with a page on paper. */
const CHECKS = {
  controls: (page: Page) =>
    page.evaluate(
      (controls) =>
        [...document.querySelectorAll(controls)]
          .filter((element) => element.checkVisibility() && element.clientHeight > 0)
          .map((element) => element.outerHTML.slice(0, 90)),
      CONTROLS,
    ),
  lost: (page: Page) =>
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
};
