import { createConfig, lintFromString } from '@redocly/openapi-core';
import { startApp, type TestApp } from '../support/app.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

test('the document breaks none of the recommended rules of Redocly', async () => {
  const { text } = await atrium.api().get('/api/openapi.json');
  if (process.env.DUMP) (await import('node:fs')).writeFileSync(process.env.DUMP, text);
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: text, absoluteRef: 'openapi.json', config });
  const said = problems.map(({ ruleId, message, location }) =>
    [ruleId, message, location[0]?.pointer].join(' '),
  );
  expect(said).toEqual([]);
});

test('the document can be read on a page of this host, under its policy', async () => {
  const page = await atrium.browser().visit('/api/docs/');
  expect(page.status).toBe(200);
  expect(page.response.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.document.querySelectorAll('script:not([src]), style, [style], [onclick]')).toEqual(
    [],
  );
  const links = page.document
    .querySelectorAll('[src], [href]')
    .map((each) => each.getAttribute('src') ?? each.getAttribute('href') ?? '');
  expect(links.length).toBe(4);
  for (const link of links) {
    const file = await atrium.api().get(link);
    expect([link, file.status]).toEqual([link, 200]);
  }
  for (const wrong of ['package.json', '..%2fpackage.json', 'index.html']) {
    expect((await atrium.api().get(`/api/docs/${wrong}`)).status).toBe(404);
  }
});

test('a client that has the current document gets 304', async () => {
  const first = await atrium.api().get('/api/openapi.json');
  const again = await atrium
    .api()
    .get('/api/openapi.json', { 'if-none-match': first.get('etag')! });
  expect([again.status, again.text]).toEqual([304, '']);
});
