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

test('operations say after which proof and how often they may be asked for', async () => {
  const { body } = await atrium.api().get('/api/openapi.json');
  const { paths } = body as { paths: Record<string, Record<string, Record<string, unknown>>> };
  expect(paths['/api/v1/webhook-endpoints']!.post!['x-step-up']).toBe('always');
  expect(paths['/api/v1/webhook-endpoints']!.get!['x-step-up']).toBeUndefined();
  expect(paths['/api/v1/me/passkeys']!.post!['x-step-up']).toBe('always');
  expect(paths['/api/v1/me/passkeys']!.get!['x-step-up']).toBeUndefined();
  expect(paths['/api/v1/invitations']!.post!['x-step-up']).toBe('sometimes');
  expect(paths['/api/v1/tenant/closure']!.post!['x-permission']).toBe('closure:write');
  // In the numbers of this installation: here RATE_LIMIT_MULTIPLIER is 1000.
  expect(paths['/api/v1/search']!.get!['x-rate-limit']).toEqual({
    name: 'search',
    seconds: 60,
    perAddress: 3_000_000,
    perAccount: 300_000,
  });
});

test('a client that has the current document gets 304', async () => {
  const first = await atrium.api().get('/api/openapi.json');
  const again = await atrium
    .api()
    .get('/api/openapi.json', { 'if-none-match': first.get('etag')! });
  expect([again.status, again.text]).toEqual([304, '']);
});
