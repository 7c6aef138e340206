import { jest } from '@jest/globals';
import { ApiReference } from '../../src/api-docs/api-reference.service.js';
import { brand } from '../../src/core/brand/brand.js';
import { PROBLEM_TYPES } from '../../src/core/http/api/problem-types.js';
import { startApp, type TestApp } from '../support/app.js';
import { Contract } from '../support/contract.js';

let atrium: TestApp;
let contract: Contract;
beforeAll(async () => {
  atrium = await startApp();
  contract = await Contract.of(atrium);
});
afterAll(() => atrium.stop());

const GUIDES = [
  '/api/docs/',
  '/api/docs/authentication/',
  '/api/docs/errors/',
  '/api/docs/idempotency/',
  '/api/docs/pagination/',
  '/api/docs/versions/',
  '/api/docs/rate-limits/',
  '/api/docs/webhooks/',
];

async function resources(): Promise<string[]> {
  const page = await atrium.browser().visit('/api/docs/');
  const links = page.document.querySelectorAll('aside a[href^="/api/docs/resources/"]');
  return links.map((link) => link.getAttribute('href')!);
}

test('a page that is not about the API does not wait for its documentation', async () => {
  const built = jest.spyOn(ApiReference.prototype, 'resources', 'get');
  for (const path of ['/', '/login/', '/api/docs-of-nobody/']) await atrium.browser().visit(path);
  expect(built).not.toHaveBeenCalled();
  built.mockRestore();
});

test('every operation of the document is on a page, with what it needs, takes and answers', async () => {
  const missing = new Set(contract.routes.map(({ operationId }) => operationId));
  for (const path of await resources()) {
    const page = await atrium.browser().visit(path);
    expect([path, page.status]).toEqual([path, 200]);
    for (const route of contract.routes) {
      const section = page.document.getElementById(route.operationId);
      if (!section) continue;
      missing.delete(route.operationId);
      const text = section.textContent.replace(/\s+/g, ' ');
      expect(text).toContain(route.summary.replaceAll('`', ''));
      expect(text).toContain(`${route.method} ${route.path}`);
      for (const { name } of route.parameters ?? []) expect(text).toContain(name);
      for (const status of Object.keys(route.responses)) expect(text).toContain(status);
      const body = route.requestBody?.content['application/json']?.schema.$ref.split('/').at(-1);
      const { properties = {} } = body ? contract.document.components.schemas[body]! : {};
      for (const name of Object.keys(properties)) expect(text).toContain(name);
      const languages = section.querySelectorAll('summary.sample-tab').map((tab) => tab.text);
      expect(languages).toEqual(['curl', 'TypeScript']);
      const title = section.querySelector('h2 [lang]')!;
      expect(title.getAttribute('lang')).toBe('en');
    }
  }
  expect([...missing]).toEqual([]);
});

test('an operation says who may ask: people, admins, keys with a scope, and after which proof', async () => {
  const page = await atrium.browser().visit('/api/docs/resources/webhooks/');
  const needs = page.at('#createWebhookEndpoint .docs-needs');
  expect(needs).toContain('Access token of an admin');
  expect(needs).toContain('API key with the scope webhook_endpoints:write');
  expect(needs).toContain('confirms first who they are');
  expect(page.at('#getWebhookEndpoint .docs-needs')).not.toContain('confirms');
  expect(page.at('#pingWebhookEndpoint .docs-needs')).toContain('300,000 for each account');
  const members = await atrium.browser().visit('/api/docs/resources/members/');
  expect(members.at('#updateMember .docs-needs')).toContain('Depending on what is sent');
  const organisation = await atrium.browser().visit('/api/docs/resources/organisation/');
  expect(organisation.at('#closeOrganization .docs-needs')).toContain('Access token of an admin');
  const me = await atrium.browser().visit('/api/docs/resources/me/');
  expect(me.at('#getMe .docs-needs')).toBe('Access token of a person API keys are refused');
  const open = await atrium.browser().visit('/api/docs/resources/authentication/');
  expect(open.at('#login .docs-needs')).toContain('Needs no login');
});

test('pages mark where one is, lead back, and are found by a visitor and by whoever is signed in', async () => {
  const visitor = await atrium.browser().visit('/api/docs/errors/');
  const current = visitor.document.querySelectorAll('aside [aria-current="page"]');
  expect(current.map((each) => each.text)).toEqual(['Errors']);
  expect(visitor.document.querySelector('aside a[href="/"]')?.text).toContain(
    `Back to ${brand.name}`,
  );
  expect(visitor.document.querySelector('main footer a[href="/api/docs/"]')).not.toBeNull();
  const anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
  const page = await anna.browser.visit('/api/docs/');
  expect(page.document.querySelector('aside a[href="/dashboard/"]')).not.toBeNull();
  expect(page.document.querySelector('main a[href="/settings/api/"]')).not.toBeNull();
  const found = await anna.browser.visit('/search/?q=api+doc');
  expect(found.document.querySelector('main a[href="/api/docs/"]')).not.toBeNull();
});

test('guides show samples of operations that there are, and lists say that they are answered as CSV too', async () => {
  for (const [path, least] of [
    ['/api/docs/', 2],
    ['/api/docs/authentication/', 4],
    ['/api/docs/idempotency/', 1],
  ] as const) {
    const page = await atrium.browser().visit(path);
    expect([path, page.document.querySelectorAll('main .samples').length >= least]).toEqual([
      path,
      true,
    ]);
  }
  const types = [...contract.routes].filter(
    ({ responses }) => responses['200']?.content?.['text/csv'],
  );
  for (const { operationId, tags } of types) {
    const slug = tags[0]!.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const page = await atrium.browser().visit(`/api/docs/resources/${slug}/`);
    const answer = page.at(`#${operationId} .answers li`);
    expect(answer).toContain('text/csv');
    expect(answer).toContain('all rows are answered at once');
  }
});

test('every type of problem is explained, where its own address says it is', async () => {
  const page = await atrium.browser().visit('/api/docs/errors/');
  for (const type of PROBLEM_TYPES) {
    const line = page.document.getElementById(type)!;
    expect(line.querySelector('code')!.text).toBe(`http://atrium.test/problems/${type}`);
    expect(line.querySelector('p')!.text.length).toBeGreaterThan(40);
  }
});

test('the search finds operations by words of their summary, path, method and scope', async () => {
  const search = async (q: string) => {
    const page = await atrium.browser().visit(`/api/docs/search/?q=${encodeURIComponent(q)}`);
    const links = page.document.querySelectorAll('main .endpoint-link');
    return links.map((link) => link.getAttribute('href')!.split('#')[1]);
  };
  expect(await search('password')).toEqual(expect.arrayContaining(['changePassword']));
  expect(await search('DELETE sessions')).toEqual(['endSession']);
  expect(await search('members:write')).toEqual(['updateMember']);
  expect(await search('/auth/refresh')).toEqual(['refresh']);
  expect(await search('nothing is called this')).toEqual([]);
  expect(await search('"><script>')).toEqual([]);
  expect(await search('x'.repeat(5_000))).toEqual([]);
  const twice = await atrium.browser().visit('/api/docs/search/?q=a&q=logout');
  expect(twice.value('q')).toBe('logout');
});

test.each([
  ['nl-be', 'Snelle start', `Terug naar ${brand.name}`],
  ['fr-be', 'Démarrage rapide', `Retour à ${brand.name}`],
])('the frame speaks %s, the document English', async (language, title, back) => {
  const browser = atrium.browser();
  await browser.visit('/api/docs/');
  await browser.submit('/i18n/setlang/', { language, next: '/api/docs/' });
  const page = await browser.visit('/api/docs/');
  expect(page.document.querySelector('html')!.getAttribute('lang')?.toLowerCase()).toBe(language);
  expect(page.text).toContain(title);
  expect(page.document.querySelector('aside')!.text).toContain(back);
  const resource = await browser.visit('/api/docs/resources/members/');
  expect(resource.document.querySelector('#getMember h2 [lang="en"]')!.text).toBe('A member');
});

test('pages need no script or style of their own, do not reload themselves, are small, and are told apart by a tag', async () => {
  for (const path of [...GUIDES, ...(await resources())]) {
    const browser = atrium.browser();
    await browser.visit(path);
    const page = await browser.visit(path);
    expect([path, page.status]).toEqual([path, 200]);
    expect(page.response.get('content-security-policy')).toContain("default-src 'none'");
    const unwanted = 'script:not([src]), style, [style], [onclick], meta[http-equiv="refresh"]';
    expect(page.document.querySelectorAll(unwanted).map(({ outerHTML }) => outerHTML)).toEqual([]);
    expect([path, page.response.text.length < 150_000]).toEqual([path, true]);
    expect(page.response.get('cache-control')).toBe('private, no-cache');
    const etag = page.response.get('etag')!;
    const again = await browser.with('if-none-match', etag).visit(path);
    expect([path, again.status, again.response.text]).toEqual([path, 304, '']);
  }
});

test('links between the pages lead somewhere, anchors too', async () => {
  const pages = new Map<string, Set<string>>();
  const links = new Set<string>();
  for (const path of [...GUIDES, ...(await resources()), '/api/docs/search/']) {
    const { document } = await atrium.browser().visit(path);
    const ids = document.querySelectorAll('[id]').map((each) => each.id);
    expect([path, ids.length]).toEqual([path, new Set(ids).size]);
    pages.set(path, new Set(ids));
    for (const link of document.querySelectorAll('a[href]')) {
      const { pathname, hash } = new URL(link.getAttribute('href')!, `http://atrium.test${path}`);
      if (pathname.startsWith('/api/docs/')) links.add(pathname + hash);
    }
  }
  const dead = [...links].filter((link) => {
    const [path, anchor] = link.split('#');
    const ids = pages.get(path!);
    return !ids || (anchor && !ids.has(decodeURIComponent(anchor)));
  });
  expect(dead).toEqual([]);
});

test('what is not there is a page that says so, and nothing of Swagger UI is left', async () => {
  for (const path of ['/api/docs/nothing/', '/api/docs/resources/nothing/']) {
    const page = await atrium.browser().visit(path);
    expect([page.status, page.response.get('content-type')]).toEqual([
      404,
      expect.stringContaining('text/html'),
    ]);
  }
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'start.js', '..%2fpackage.json']) {
    expect((await atrium.browser().visit(`/api/docs/${file}`)).status).toBe(404);
  }
  const api = await atrium.api().get('/api/docsx');
  expect([api.status, api.get('content-type')]).toEqual([
    404,
    expect.stringContaining('application/problem+json'),
  ]);
});
