import { startApp, type TestApp } from '../../support/app.js';
import type { Browser } from '../../support/browser.js';
import { OPEN_REDIRECTS, THIS_SITE, originReached } from '../../support/open-redirects.js';
import { PASSWORD, type Person } from '../../support/people.js';

let atrium: TestApp;
let member: Person;
beforeAll(async () => {
  atrium = await startApp();
  member = await atrium.people.memberOf('Acme', 'member@acme.example');
});
afterAll(() => atrium.stop());

type Attempt = [told: string, next: string];
const attempts = OPEN_REDIRECTS.map((next): Attempt => [JSON.stringify(next).slice(0, 50), next]);

/** The attempts that led to another site, by place. */
async function escapes(send: (next: string) => Promise<string | undefined>): Promise<string[]> {
  const found: string[] = [];
  for (const [told, next] of attempts) {
    const origin = originReached(await send(next));
    if (origin !== THIS_SITE) found.push(`${told} → ${origin}`);
  }
  return found;
}

async function signIn(browser: Browser, next: string): Promise<string | undefined> {
  const answer = await browser.post('/login/', {
    email: member.email,
    password: PASSWORD,
    next,
  });
  expect(answer.status).toBe(303);
  return answer.location;
}

test('nobody is led to another site by signing in', async () => {
  expect(await escapes((next) => signIn(atrium.browser(), next))).toEqual([]);
});

test('signing in ignores a malformed return path', async () => {
  const browser = atrium.browser();
  const _csrf = await browser.token();
  const body = `_csrf=${_csrf}&email=${member.email}&password=${encodeURIComponent(PASSWORD)}`;
  const tricks = [
    '&next[]=//evil.example',
    '&next=/profile/&next=//evil.example',
    '&next[a]=//evil',
  ];
  for (const trick of tricks) {
    const visitor = atrium.browser();
    const token = await visitor.token();
    const answer = await visitor.agent
      .post('/login/')
      .type('form')
      .send(body.replace(_csrf, token) + trick)
      .redirects(0)
      .ok(() => true);
    expect([answer.status, answer.get('location')]).toEqual([303, '/dashboard/']);
  }
});

test('the sign-in page never carries a foreign return path', async () => {
  for (const [told, next] of attempts) {
    if (next.length > 2_000) continue;
    const page = await atrium.browser().visit(`/login/?next=${encodeURIComponent(next)}`);
    const carried = page.form('/login/').next ?? '';
    expect([told, originReached(carried || '/')]).toEqual([told, THIS_SITE]);
  }
  const several = await atrium.browser().visit('/login/?next=//evil.example&next=/profile/');
  expect([several.status, several.form('/login/').next]).toEqual([200, '']);
});

test('a return path on this site is kept, with its query', async () => {
  const wanted = '/profile/?tab=sessions&x=a%2Fb#sessions';
  expect(await signIn(atrium.browser(), wanted)).toBe(wanted);
});

test('nobody is led to another site by onboarding', async () => {
  const skipping = await atrium.people.newcomer('skipping@acme.example');
  const skipped = await escapes(async (next) => {
    const answer = await skipping.browser.post('/profile/complete/', { next, skip: '1' });
    return new URL(answer.location!, THIS_SITE).searchParams.get('next') ?? answer.location;
  });
  expect(skipped).toEqual([]);

  const saved = await escapes(async (next) => {
    const answer = await member.browser.post('/profile/complete/', { next });
    return answer.location;
  });
  expect(saved).toEqual([]);
});

test('nobody is led to another site by creating an organisation', async () => {
  const founder = await atrium.people.newcomer('founder@acme.example');
  const posted = await escapes(async (next) => {
    const answer = await founder.browser.post('/onboarding/create-tenant/', {
      organization: 'Founders',
      next,
    });
    expect(answer.status).toBe(303);
    return answer.location;
  });
  expect(posted).toEqual([]);
  const shown = await escapes(async (next) => {
    const query = encodeURIComponent(next);
    return (await founder.browser.visit(`/onboarding/create-tenant/?next=${query}`)).location;
  });
  expect(shown).toEqual([]);
});

test('nobody is led to another site by choosing a language or a theme', async () => {
  for (const browser of [atrium.browser(), member.browser]) {
    const byLanguage = await escapes(
      async (next) => (await browser.post('/i18n/setlang/', { language: 'nl-be', next })).location,
    );
    const byTheme = await escapes(
      async (next) => (await browser.post('/theme/set/', { theme: 'night', next })).location,
    );
    expect([byLanguage, byTheme]).toEqual([[], []]);
  }
});

test('a form from another site does not redirect there', async () => {
  const visitor = atrium.browser().with('Referer', 'https://evil.example/path');
  const answer = await visitor.post('/i18n/setlang/', { language: 'en' });
  expect([answer.status, answer.location]).toEqual([303, '/']);
});
