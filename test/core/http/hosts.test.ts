import { startApp, type TestApp } from '../../support/app.js';

let atrium: TestApp;
beforeAll(
  async () =>
    void (atrium = await startApp({
      NODE_ENV: 'production',
      APP_URL: 'https://app.atrium.test',
      TRUST_PROXY: 'loopback',
    })),
);
afterAll(() => atrium.stop());

const ask = (path: string, headers: Record<string, string>) =>
  atrium
    .browser()
    .agent.get(path)
    .set(headers)
    .ok(() => true);

test.each([
  ['/login/', { Host: 'app.atrium.test' }, 200],
  ['/login/', { Host: 'APP.atrium.test:8443' }, 200],
  ['/login/', { Host: 'pod-1', 'X-Forwarded-Host': 'app.atrium.test' }, 200],
  ['/login/', { Host: 'evil.test' }, 421],
  ['/login/', { Host: 'app.atrium.test.evil.test' }, 421],
  ['/login/', { Host: 'app.atrium.test', 'X-Forwarded-Host': 'evil.test' }, 421],
  ['/api/v1/me', { Host: 'evil.test' }, 421],
  ['/assets/none.css', { Host: 'evil.test' }, 421],
  ['/health/ready', { Host: '10.0.0.7:3000' }, 200],
])('%s asked as %j is answered with %d', async (path, headers, status) => {
  expect((await ask(path, headers)).status).toBe(status);
});

test('in production metrics are closed by default', async () => {
  const answer = await ask('/metrics', { Host: 'app.atrium.test' });
  expect(answer.status).toBe(404);
});

test('in production every cookie is for this host over TLS only, and browsers are told to stay on it', async () => {
  const answer = await ask('/login/', { Host: 'app.atrium.test' });
  const cookies = answer.get('set-cookie') ?? [];
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) {
    expect(cookie).toMatch(/^__Host-atrium_/);
    expect(cookie).toMatch(/; Path=\//);
    expect(cookie).toMatch(/; Secure/);
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).not.toMatch(/; Domain=/i);
  }
  expect(answer.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
  const policy = answer.get('content-security-policy') ?? '';
  expect(policy).toContain(`default-src 'none'`);
  expect(policy).toMatch(/script-src 'self' 'nonce-[\w-]{22}'/);
  expect(policy).toContain(`frame-ancestors 'none'`);
  expect(policy).toContain('upgrade-insecure-requests');
  expect(policy).not.toMatch(/unsafe-|\*/);
});
