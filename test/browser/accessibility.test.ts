/// <reference lib="dom" />
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startApp, type TestApp } from '../support/app.js';
import { ENGINE } from '../support/database.js';
import { linkIn } from '../support/mailbox.js';
import type { Person } from '../support/people.js';
import { inChromium, launch, visitor } from './chromium.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const ANYONE = ['/', '/login/', '/register/', '/password-reset/', '/password-reset/done/'].concat([
  '/password-reset/complete/',
  '/email/verify/nonsense/',
  '/nowhere/',
  '/dev/mail/',
  '/dev/components/',
]);
const NEWCOMERS = ['/profile/complete/', '/onboarding/create-tenant/'];
const ADMINS = [
  '/dashboard/',
  '/profile/',
  '/projects/',
  '/projects/new/',
  '/settings/users/',
].concat(['/settings/general/', '/settings/api/', '/settings/activity/', '/settings/billing/']);
const MEMBERS = ['/settings/users/'];

interface Violation {
  id: string;
  nodes: { html: string }[];
}

// The pages are the same on every engine: once is enough.
const once = ENGINE === 'embedded' ? inChromium : describe.skip;

once('Every page is for everyone', () => {
  let atrium: TestApp;
  let browser: Browser;
  let home: string;
  const people: Record<string, { person: Person | null; paths: string[] }> = {};

  beforeAll(async () => {
    atrium = await startApp();
    browser = await launch();
    home = await atrium.app.getUrl();
    const newcomer = await atrium.people.newcomer('newcomer@acme.test');
    const admin = await atrium.people.adminOf('Acme', 'admin@acme.test');
    await atrium.people.keyOf('Acme', ['members:read', 'projects:write']);
    const member = await atrium.people.memberOf('Acme', 'member@acme.test');
    const gone = await atrium.people.memberOf('Acme', 'gone@acme.test');
    await atrium.sql('UPDATE user_profile SET is_active = false WHERE user_id = $1', [gone.userId]);
    await atrium.browser().fill('/password-reset/', { email: 'member@acme.test' });
    const reset = linkIn(await atrium.mails.expect('member@acme.test', /reset|password/i));
    Object.assign(people, {
      anyone: { person: null, paths: [...ANYONE, reset] },
      newcomer: { person: newcomer, paths: NEWCOMERS },
      admin: { person: admin, paths: ADMINS },
      member: { person: member, paths: MEMBERS },
      gone: { person: gone, paths: ['/account/revoked/'] },
    });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await atrium?.stop();
  });

  const themes = ['corporate', 'night'] as const;
  const languages = ['en', 'nl-be', 'fr-be'] as const;
  const looks = themes.flatMap((theme) => languages.map((language) => ({ theme, language })));

  test.each(looks)(
    'axe finds nothing in $theme, $language',
    async ({ theme, language }) => {
      const found: string[] = [];
      await atrium.sql('UPDATE user_profile SET theme = $1', [theme]);
      for (const [who, { person, paths }] of Object.entries(people)) {
        // Colours are looked at as they are, not on their way from one to another.
        const { page, complaints } = await visitor(browser, { reducedMotion: 'reduce' });
        await dress(page.context(), person, theme, language);
        for (const path of paths) {
          await page.goto(home + path);
          for (const { id, nodes } of await violations(page)) {
            found.push(`${who} ${path}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
          }
        }
        found.push(...complaints.map((text) => `${who}: ${text}`));
        await page.context().close();
      }
      expect(found).toEqual([]);
    },
    120_000,
  );

  test('a new key is shown on a page for everyone, and a press copies it', async () => {
    const { page, complaints } = await visitor(browser, { reducedMotion: 'reduce' });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await dress(page.context(), people.admin!.person, 'corporate', 'en');
    await page.goto(`${home}/settings/api/`);
    await page.fill('#name', 'Payroll');
    await page.check('[value="members:read"]');
    await page.click('form[action="/settings/api/"] [type=submit]');
    const secret = await page.innerText('#new-key');
    expect(await violations(page)).toEqual([]);
    await page.click('[data-copy] button');
    await page.getByText('Copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);
    expect(complaints).toEqual([]);
    await page.context().close();
  }, 60_000);

  test('nothing scrolls sideways at 320 px, in the language with the longest words', async () => {
    const wide: string[] = [];
    for (const { person, paths } of Object.values(people)) {
      const { page } = await visitor(browser, { viewport: { width: 320, height: 640 } });
      await dress(page.context(), person, 'corporate', 'fr-be');
      for (const path of paths) {
        await page.goto(home + path);
        const excess = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (excess > 0) wide.push(`${path} is ${excess} px too wide`);
      }
      await page.context().close();
    }
    expect(wide).toEqual([]);
  }, 90_000);

  test('with reduced motion nothing moves', async () => {
    const { page } = await visitor(browser, { reducedMotion: 'reduce' });
    await page.goto(home);
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((element) => {
          const { transitionDuration, animationDuration } = getComputedStyle(element);
          return [transitionDuration, animationDuration].some((text) =>
            text.split(',').some((part) => parseFloat(part) > 0.02),
          );
        }).length,
    );
    expect(moving).toBe(0);
  }, 30_000);

  async function dress(
    context: BrowserContext,
    person: Person | null,
    theme: string,
    language: string,
  ): Promise<void> {
    const cookies = { theme, lang: language, ...(person ? { session: session(person) } : {}) };
    await context.addCookies(
      Object.entries(cookies).map(([name, value]) => ({
        name: `atrium_${name}`,
        value,
        url: home,
      })),
    );
  }

  function session({ browser: signedIn }: Person): string {
    const value = signedIn.cookie('session');
    if (!value) throw new Error('This person is not signed in');
    return value;
  }
});

async function violations(page: Page): Promise<Violation[]> {
  await page.evaluate(axe);
  return page.evaluate(async (values) => {
    const { axe: run } = window as unknown as {
      axe: { run(options: object): Promise<{ violations: Violation[] }> };
    };
    return (await run.run({ runOnly: { type: 'tag', values } })).violations;
  }, RULES);
}
