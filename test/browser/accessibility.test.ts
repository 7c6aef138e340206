/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { inChromium } from './chromium.js';
import { makeWorld, walk, type World } from './world.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A theme changes colours and nothing else: for the second one the rules about colours are enough. */
const THEMES = [
  ['corporate', ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']],
  ['night', ['cat.color']],
] as const;

interface Violation {
  id: string;
  nodes: { html: string }[];
}

inChromium('Every page is for everyone', () => {
  let world: World;

  beforeAll(async () => void (world = await makeWorld()), 60_000);
  afterAll(() => world?.end());

  test.each(['en', 'nl-be', 'fr-be'] as const)(
    'axe finds nothing, in either theme, in %s',
    async (language) => {
      const found: string[] = [];
      // Colours are looked at as they are, not on their way from one to another.
      const still = { reducedMotion: 'reduce' } as const;
      const complaints = await walk(world, { language }, still, async (page, who, path) => {
        await page.evaluate(axe);
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
    await page.evaluate(axe);
    expect(await violations(page, THEMES[0][1])).toEqual([]);
    await page.click('[data-copy] button');
    await page.getByText('Copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 60_000);
});

async function violations(page: Page, rules: readonly string[]): Promise<Violation[]> {
  return page.evaluate(async (values) => {
    const { axe: run } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: Violation[] }> };
    };
    const options = { runOnly: { type: 'tag', values }, resultTypes: ['violations'] };
    return (await run.run(options)).violations;
  }, rules);
}
