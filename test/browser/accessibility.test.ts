/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { inChromium } from './chromium.js';
import { StoredTrees } from './stored-trees.js';
import { isEveryPage, makeWorld, walk, type World } from './world.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A theme changes colours and nothing else: for the second one the rules about colours are enough. */
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const THEMES = [
  ['corporate', { type: 'tag', values: WCAG }],
  ['night', { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }],
] as const;
type Rules = (typeof THEMES)[number][1];

interface Violation {
  id: string;
  nodes: { html: string }[];
}

inChromium('Every page is for everyone', () => {
  let world: World;

  beforeAll(async () => void (world = await makeWorld()), 180_000);
  afterAll(() => world?.end());

  // Each language in another window: what is shown differs on phones, tablets and desktops.
  test.each([
    { language: 'en', width: 1280 },
    { language: 'nl-be', width: 375 },
    { language: 'fr-be', width: 768 },
  ] as const)(
    'axe finds nothing, in either theme, in $language',
    async ({ language, width }) => {
      const found: string[] = [];
      const trees = new StoredTrees();
      // Waits for transitions, so that colours are final.
      const still = { reducedMotion: 'reduce', viewport: { width, height: 800 } } as const;
      const complaints = await walk(world, { language }, still, async (page, who, path) => {
        if (language === 'en') await trees.see(page, who, path);
        await injectAxe(page);
        for (const [theme, rules] of THEMES) {
          await page.evaluate((name) => {
            document.documentElement.dataset.theme = name;
          }, theme);
          for (const { id, nodes } of await violations(page, rules)) {
            const html = nodes.map((node) => node.html).join(' ');
            found.push(`${who} ${path} ${theme}: ${id}: ${html}`);
          }
        }
      });
      expect([...found, ...complaints]).toEqual([]);
      // What a screen reader finds on each page, as it is stored; where a change is meant: see stored-trees.ts.
      const { stored, found: read } = trees.differences(isEveryPage);
      expect(read).toEqual(stored);
    },
    120_000,
  );

  test('a new key is shown on a page for everyone, and a press copies it', async () => {
    const { page, complaints } = await world.as('admin', {}, { reducedMotion: 'reduce' });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(world.address('/settings/api/'));
    await page.fill('#name', 'Payroll');
    await page.check('[value="members:read"]');
    await page.click('form[action="/settings/api/"] [type=submit]');
    const secret = await page.innerText('#new-key');
    await injectAxe(page);
    expect(await violations(page, THEMES[0][1])).toEqual([]);
    await page.click('[data-copy] button');
    await page.getByText('Copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 180_000);
});

const injected = new WeakSet<Page>();

/** For this page and each that the window shows after it: sent anew to every page, it takes as long as its rules. */
async function injectAxe(page: Page): Promise<void> {
  if (injected.has(page)) return;
  injected.add(page);
  await page.evaluate(axe);
  await page.addInitScript({ content: axe });
}

async function violations(page: Page, rules: Rules): Promise<Violation[]> {
  return page.evaluate(async (runOnly) => {
    const { axe: run } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: Violation[] }> };
    };
    return (await run.run({ runOnly, resultTypes: ['violations'] })).violations;
  }, rules);
}
