import { startApp, type TestApp } from '../../support/app.js';
import { Sight } from '../../support/browser.js';
import type { Person } from '../../support/people.js';

let atrium: TestApp;
let anna: Person;
beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.memberOf('Acme', 'anna@acme.example');
});
afterAll(() => atrium.stop());

const inShell = (page: Sight) => page.document.querySelector('header.topbar') !== null;

test.each([
  ['en', 'There is nothing here'],
  ['nl', 'Hier is niets te vinden'],
  ['fr', 'Il n’y a rien ici'],
])('an address nobody knows is a page of the product, in %s', async (language, title) => {
  const browser = atrium.browser().with('Accept-Language', language);
  const page = await browser.visit('/no/such/page/');
  expect([page.status, page.at('h1')]).toEqual([404, title]);
  expect(inShell(page)).toBe(true);
  const signedIn = await anna.browser.visit('/no/such/page/');
  expect(signedIn.at('main a.btn')).toBe('Go to your dashboard');
});

test.each([
  '/%E0%A4%A',
  '/%',
  '/profile/%E0%A4%A',
  '/password-reset/confirm/%E0%A4%A/',
  '/media/%/%',
])('the malformed address %s is a 400 page', async (path) => {
  const page = await raw('GET', path);
  expect([page.status, page.at('h1')]).toEqual([400, 'We could not read that request']);
  expect(inShell(page)).toBe(true);
});

test('a body that is too large, in another format or broken is refused as a page', async () => {
  const large = await anna.browser.agent
    .post('/login/')
    .type('form')
    .send(`email=${'x'.repeat(1024 * 1024 + 1)}`)
    .ok(() => true);
  const other = await anna.browser.agent
    .post('/profile/password/')
    .type('multipart/form-data; boundary=x')
    .send('--x--\r\n')
    .ok(() => true);
  const broken = await anna.browser.agent
    .post('/theme/set/')
    .type('json')
    .send('{"theme":')
    .ok(() => true);
  const charset = await anna.browser.agent
    .post('/theme/set/')
    .set('Content-Type', 'application/x-www-form-urlencoded; charset=utf-7')
    .send('theme=night')
    .ok(() => true);
  expect([large, other, broken, charset].map(({ status }) => status)).toEqual([413, 415, 400, 415]);
  for (const [answer, code] of [
    [large, '413'],
    [other, '415'],
    [broken, '400'],
  ] as const) {
    const page = new Sight(answer);
    expect([inShell(page), page.at('main p.font-mono')]).toEqual([true, code]);
  }
});

test('an unknown method gets a 405 with the allowed ones', async () => {
  for (const [method, path, allow] of [
    ['PUT', '/profile/', 'GET, POST, HEAD'],
    ['DELETE', '/dashboard/', 'GET, HEAD'],
    ['PATCH', '/login', 'GET, POST, HEAD'],
    ['POST', '/dashboard/', 'GET, HEAD'],
  ] as const) {
    const page = await raw(method, path);
    expect([path, page.status, page.response.get('allow')]).toEqual([path, 405, allow]);
  }
});

test('scripts get a problem document, not a page', async () => {
  const answer = await atrium
    .browser()
    .agent.get('/no/such/page')
    .set('Accept', 'application/json')
    .set('Accept-Language', 'nl')
    .ok(() => true);
  expect(answer.status).toBe(404);
  expect(answer.get('content-type')).toContain('application/problem+json');
  expect(answer.body).toMatchObject({ status: 404, instance: '/no/such/page' });
});

test('every page works with and without its last slash', async () => {
  const pages = ['/profile', '/dashboard', '/profile/complete', '/health', '/health/live'];
  for (const path of pages) {
    for (const address of [path, `${path}/`]) {
      expect([address, (await anna.browser.visit(address)).status]).toEqual([address, 200]);
    }
  }
  for (const path of ['/login', '/register', '/password-reset', '/password-reset/done']) {
    for (const address of [path, `${path}/`]) {
      expect([address, (await atrium.browser().visit(address)).status]).toEqual([address, 200]);
    }
  }
  const posted = await anna.browser.post('/theme/set', { theme: 'night' });
  expect(posted.status).toBe(200);
});

test('HEAD answers like GET, without the page', async () => {
  for (const path of ['/', '/profile/', '/dashboard/', '/no/such/page']) {
    const [get, head] = [
      await anna.browser.visit(path),
      await anna.browser.agent.head(path).ok(() => true),
    ];
    expect([path, head.status, head.get('content-type')]).toEqual([
      path,
      get.status,
      get.response.get('content-type'),
    ]);
    expect(head.text).toBeUndefined();
  }
  const redirected = await atrium
    .browser()
    .agent.head('/dashboard/')
    .redirects(0)
    .ok(() => true);
  expect([redirected.status, redirected.get('location')]).toEqual([
    302,
    '/login/?next=%2Fdashboard%2F',
  ]);
});

describe('headers', () => {
  test('every page is locked down', async () => {
    const pages = [
      await atrium.browser().visit('/'),
      await anna.browser.visit('/dashboard/'),
      await atrium.browser().visit('/no/such/page'),
      await atrium.browser().post('/theme/set/', { theme: 'x' }),
      await raw('GET', '/%E0%A4%A'),
    ];
    const nonces = new Set<string>();
    for (const { response } of pages) {
      const policy = response.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).toContain("form-action 'self'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      nonces.add(/'nonce-([^']+)'/.exec(policy)?.[1] ?? '');
      expect(response.get('x-content-type-options')).toBe('nosniff');
      expect(response.get('x-frame-options')).toBe('DENY');
      expect(response.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
      expect(response.get('permissions-policy')).toContain('camera=()');
      expect(response.get('x-powered-by')).toBeUndefined();
      expect(response.get('strict-transport-security')).toBeUndefined();
    }
    expect(nonces.size).toBe(pages.length);
  });

  test('pages of a signed-in person are no-store', async () => {
    for (const path of ['/dashboard/', '/profile/', '/', '/no/such/page']) {
      const { response } = await anna.browser.visit(path);
      expect([path, response.get('cache-control')]).toEqual([path, 'no-store']);
    }
    const { response } = await atrium.browser().visit('/login/');
    expect(response.get('cache-control')).toMatch(/no-store|private, no-cache/);
    expect(response.get('vary')).toMatch(/Cookie/);
  });

  test('no page contains inline scripts or styles', async () => {
    for (const path of ['/', '/login/', '/register/']) {
      const { document } = await atrium.browser().visit(path);
      for (const script of document.querySelectorAll('script')) {
        expect(script.getAttribute('src')).toMatch(/^\/assets\//);
      }
      expect(document.querySelectorAll('[style], style, [onclick], [onload]')).toHaveLength(0);
    }
  });
});

/** Sends the path unmodified, without URL normalisation. */
async function raw(method: string, path: string): Promise<Sight> {
  const { request } = await import('node:http');
  const address = atrium.server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, method, path }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => {
        const get = (name: string) => answer.headers[name.toLowerCase()];
        resolve(new Sight({ status: answer.statusCode, text, get } as never));
      });
    });
    call.on('error', reject);
    call.end();
  });
}
