import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { projectPath } from '../../../src/core/config/project-path.js';
import { startApp, type TestApp } from '../../support/app.js';

let atrium: TestApp;
let home: string;
let key: string;
beforeAll(async () => {
  atrium = await startApp();
  home = `http://127.0.0.1:${(atrium.server.address() as AddressInfo).port}`;
  await atrium.people.adminOf('Acme', 'anna@acme.test');
  key = await atrium.people.keyOf('Acme', ['members:read', 'tenant:read', 'tenant:write']);
});
afterAll(() => atrium.stop());

const authorization = () => ({ authorization: `Bearer ${key}` });
const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(new URL(path, home), { headers: { ...authorization(), ...headers } });

const manifest = JSON.parse(
  readFileSync(projectPath('public', 'assets', 'manifest.json'), 'utf8'),
) as Record<string, string>;

test.each<[string, () => string | Promise<string>]>([
  ['the organisation', () => '/api/v1/tenant'],
  ['a member', member],
  ['reference data', () => '/api/v1/reference/currencies'],
  ['the document of the API', () => '/api/openapi.json'],
  ['an uploaded picture', logo],
  ['a style sheet', () => manifest['app.css']!],
])('a client that has %s is told so in few bytes, also by fetch and a reload', async (_, find) => {
  const path = await find();
  const first = await ask(path);
  const etag = first.headers.get('etag');
  const since = first.headers.get('last-modified');
  expect([first.status, etag ?? since]).toEqual([200, expect.any(String)]);
  const condition: Record<string, string> = etag
    ? { 'if-none-match': etag }
    : { 'if-modified-since': since! };
  await first.arrayBuffer();
  // fetch itself adds `Cache-Control: no-cache` to any conditional request.
  const addedBy: Record<string, string>[] = [
    {},
    { 'cache-control': 'no-cache' },
    { 'cache-control': 'max-age=0, no-cache' },
  ];
  for (const more of addedBy) {
    const again = await ask(path, { ...condition, ...more });
    expect([more, again.status, await again.text()]).toEqual([more, 304, '']);
  }
  const other = await ask(path, { 'if-none-match': '"of another time"' });
  expect(other.status).toBe(200);
  await other.arrayBuffer();
});

async function member(): Promise<string> {
  const { items } = (await (await ask('/api/v1/members')).json()) as { items: { id: string }[] };
  return `/api/v1/members/${items[0]!.id}`;
}

async function logo(): Promise<string> {
  const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  await fetch(new URL('/api/v1/tenant/logo', home), {
    method: 'PUT',
    headers: { ...authorization(), 'content-type': 'image/png' },
    body: new Uint8Array(picture),
  });
  const tenant = (await (await ask('/api/v1/tenant')).json()) as { logo_url: string };
  return new URL(tenant.logo_url, home).pathname;
}
