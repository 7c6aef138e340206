/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { isApi } from '../../src/core/http/api/api-path.js';
import { discoverRoutes } from '../isolation/routes.js';
import { inChromium } from './chromium.js';
import { lostInForcedColors, tooSmall, tooWide, unseenFocus } from './measures.js';
import { PAGES, sampled } from '../support/samples.js';
import { makeWorld, walk, type World } from './world.js';

inChromium('Every page, whoever looks at it and how', () => {
  let world: World;
  /** Findings of one walk through all pages, by check. */
  const found = {
    elsewhere: [] as string[],
    complaints: [] as string[],
    wide: [] as string[],
    small: [] as string[],
    lost: [] as string[],
  };

  beforeAll(async () => {
    world = await makeWorld();
    // In the language with the longest words, on a screen that is touched.
    const look = { language: 'fr-be' } as const;
    const phone = {
      viewport: { width: 375, height: 760 },
      hasTouch: true,
      reducedMotion: 'reduce',
    } as const;
    found.complaints = await walk(world, look, phone, async (page, who, path, status) => {
      const note = (kind: 'wide' | 'small' | 'lost', problems: string[], how = '') =>
        found[kind].push(...problems.map((text) => `${who} ${path}${how}: ${text}`));
      const arrived = new URL(page.url());
      if (arrived.href !== world.address(path)) {
        found.elsewhere.push(`${who} ${path} leads to ${arrived.pathname}`);
      }
      const expected = Object.entries(REFUSALS).find(([of]) => `${who} ${path}`.includes(of));
      if (status !== (expected?.[1] ?? 200)) found.elsewhere.push(`${who} ${path} is a ${status}`);
      note('small', await tooSmall(page));
      for (const { how, width, height, text } of WINDOWS) {
        await page.setViewportSize({ width, height });
        await page.evaluate((size) => {
          document.documentElement.style.fontSize = size;
        }, text);
        note('wide', await tooWide(page), ` ${how}`);
      }
      await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
      await page.emulateMedia({ forcedColors: 'active' });
      await page.waitForFunction(() => matchMedia('(forced-colors: active)').matches);
      note('lost', await lostInForcedColors(page));
      await page.setViewportSize(phone.viewport);
      note('lost', await lostInForcedColors(page));
      await page.emulateMedia({ forcedColors: 'none' });
    });
  }, 300_000);
  afterAll(() => world?.end());

  test('stands in the samples of its feature', () => {
    const routes = discoverRoutes(world.atrium.app).filter(({ method, path, access }) => {
      return method === 'GET' && access !== 'probe' && !isApi({ path });
    });
    const pages = routes.map(({ path }) => path);
    const noPages = sampled('noPages');
    const listed = new Set(
      Object.values(PAGES)
        .flat()
        .map((path) => routeOf(path, pages)),
    );
    const missing = routes
      .filter(({ path }) => !listed.has(path) && !noPages[path])
      .map(
        ({ path, feature }) =>
          `${path} is looked at by no test: write pages: { <visitor>: ['${path}'] } in test/${feature}/${feature}.samples.ts, or noPages`,
      );
    expect(missing).toEqual([]);
    expect(Object.keys(noPages).filter((path) => !pages.includes(path))).toEqual([]);
  });

  test('answers 200 without a redirect', () => {
    expect(found.elsewhere).toEqual([]);
  });

  test('causes no console errors, failed requests or CSP violations', () => {
    expect(found.complaints).toEqual([]);
  });

  test('has touch targets of sufficient size on phones (WCAG 2.5.8)', () => {
    expect(found.small).toEqual([]);
  });

  test('does not scroll sideways: at 320 px, zoomed to 200 %, with text twice as large', () => {
    expect(found.wide).toEqual([]);
  });

  test('is readable in forced colours', () => {
    expect(found.lost).toEqual([]);
  });

  test('shows the focus, also in forced colours', async () => {
    const unseen: string[] = [];
    for (const forcedColors of ['none', 'active'] as const) {
      for (const [who, path] of [
        ['anyone', '/login/'],
        ['admin', '/settings/general/'],
        ['admin', '/settings/users/'],
      ] as const) {
        const { page } = await world.as(who, {}, { forcedColors });
        await page.goto(world.address(path));
        unseen.push(...(await unseenFocus(page, 25)).map((html) => `${path}: ${html}`));
        await page.context().close();
      }
    }
    expect(unseen).toEqual([]);
  }, 90_000);

  test('a mail fits on a phone, however long a name in it', async () => {
    const { page } = await world.as('anyone', {}, { viewport: { width: 375, height: 760 } });
    const mail = await world.atrium.mails.expect('guest@acme.test', /invite/i);
    await page.setContent(mail.html);
    expect(await tooWide(page)).toEqual([]);
    await page.context().close();
  }, 90_000);

  test('has no animation with reduced motion', async () => {
    const { page } = await world.as('admin', {}, { reducedMotion: 'reduce' });
    for (const path of ['/', '/dashboard/', '/settings/users/']) {
      await page.goto(world.address(path));
      expect([path, await moving(page)]).toEqual([path, 0]);
    }
    await page.context().close();
  }, 90_000);
});

/** Pages with an error status, by part of their path. */
const REFUSALS = {
  '/nowhere/': 404,
  'member /settings/': 403,
  'acting /settings/': 403,
  '/nonsense/': 400,
};

const WINDOWS = [
  { how: 'at 320 px', width: 320, height: 640, text: '' },
  { how: 'zoomed to 200 %', width: 640, height: 400, text: '' },
  { how: 'with text at 200 %', width: 1280, height: 800, text: '200%' },
];

/** The route of a path: of several matching ones, the one with the fewest parameters. */
function routeOf(path: string, routes: string[]): string | undefined {
  const [plain = ''] = path.split('?');
  const pattern = (route: string) => new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}$`);
  const blanks = (route: string) => route.split(':').length;
  return routes
    .filter((route) => pattern(route).test(plain))
    .sort((one, other) => blanks(one) - blanks(other))[0];
}

function moving(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      [...document.querySelectorAll('*')].filter((element) => {
        const { transitionDuration, animationDuration } = getComputedStyle(element);
        return [transitionDuration, animationDuration].some((text) =>
          text.split(',').some((part) => parseFloat(part) > 0.02),
        );
      }).length,
  );
}
