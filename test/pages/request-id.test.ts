import { startApp, type TestApp } from '../support/app.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

test('an error page names the reference that the log knows the request by', async () => {
  const lost = await atrium.browser().visit('/nowhere/');
  const id = lost.response.get('x-request-id');
  expect(id).toMatch(/^[\w-]{36}$/);
  expect(lost.text).toContain(id);
});

test('the id a proxy gave a request is kept, unless it is an odd one', async () => {
  const given = await atrium.browser().with('x-request-id', 'edge-12345678').visit('/nowhere/');
  expect(given.text).toContain('edge-12345678');
  const odd = await atrium.browser().with('x-request-id', '<script>').visit('/nowhere/');
  expect(odd.response.get('x-request-id')).not.toContain('<');
});
