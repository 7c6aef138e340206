import { startApp, type TestApp } from '../../support/app.js';

let atrium: TestApp;
let onTestEnd: () => Promise<void> = () => Promise.resolve();
beforeAll(async () => void (atrium = await startApp()));
afterAll(async () => {
  await onTestEnd();
  await atrium.stop();
});

test('an error page shows the request id of the log', async () => {
  const lost = await atrium.browser().visit('/nowhere/');
  const id = lost.response.get('x-request-id');
  expect(id).toMatch(/^[\w-]{36}$/);
  expect(lost.text).toContain(id);
});

test('a client’s own X-Request-Id is ignored', async () => {
  const given = await atrium.browser().with('x-request-id', 'edge-12345678').visit('/nowhere/');
  expect(given.response.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  expect(given.text).not.toContain('edge-12345678');
});

test('a trusted proxy’s request id is kept, unless malformed', async () => {
  const behind = await startApp({ TRUST_PROXY: 'loopback' });
  onTestEnd = () => behind.stop();
  const given = await behind.browser().with('x-request-id', 'edge-12345678').visit('/nowhere/');
  expect(given.text).toContain('edge-12345678');
  const odd = await behind.browser().with('x-request-id', '<script>').visit('/nowhere/');
  expect(odd.response.get('x-request-id')).not.toContain('<');
});
