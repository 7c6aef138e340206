import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import type { Request } from 'express';
import { isLoopback } from '../../src/core/http/pipeline/loopback-only.js';
import { discoverRoutes } from '../isolation/routes.js';
import { startApp, type TestApp } from '../support/app.js';

let atrium: TestApp;
let pages: string[];
beforeAll(async () => {
  atrium = await startApp({ TRUST_PROXY: 'loopback', BILLING_PROVIDER: 'sandbox' });
  await atrium.people.newcomer('anna@acme.test');
  await atrium.mails.expect('anna@acme.test');
  const [mail] = await atrium.sql<{ id: string }>('SELECT id FROM kept_mail');
  pages = discoverRoutes(atrium.app)
    // Pages about one purchase ask for a purchase.
    .filter(({ path }) => path.startsWith('/dev/') && !/^\/dev\/billing\/.*:id/.test(path))
    .map(({ path }) => path.replace(':id', mail!.id));
});
afterAll(() => atrium.stop());

const ask = (path: string, headers: Record<string, string> = {}, app = atrium) =>
  app
    .browser()
    .agent.get(path)
    .set(headers)
    .ok(() => true);

const statuses = async (headers: Record<string, string>) => {
  const answers = await Promise.all(pages.map((path) => ask(path, headers)));
  return [...new Set(answers.map(({ status }) => status))];
};

test('the developer at this machine reads every mail and every example', async () => {
  expect(pages.length).toBeGreaterThan(3);
  expect(await statuses({})).toEqual([200]);
  const { body } = await ask('/dev/mail.json');
  expect(body).toEqual([expect.objectContaining({ to: 'anna@acme.test' })]);
});

test.each([
  'localhost',
  'LOCALHOST:3000',
  'acme.localhost:3000',
  '127.0.0.1',
  '127.1.2.3:80',
  '[::1]:3000',
])('they are there for the host %s', async (Host) =>
  expect(await statuses({ Host })).toEqual([200]),
);

test.each([
  'atrium.test',
  'app.example.com:3000',
  'localhost.example.com',
  '127.0.0.1.nip.io',
  'notlocalhost',
  '0.0.0.0',
  '[::]',
  'anna@localhost',
  '192.168.1.2',
])('a name that points here, such as %s, finds nothing', async (Host) => {
  expect(await statuses({ Host })).toEqual([404]);
});

test.each<Record<string, string>>([
  { 'X-Forwarded-For': '127.0.0.1' },
  { 'X-Forwarded-Host': 'localhost' },
  { 'X-Forwarded-Proto': 'https' },
  { 'X-Forwarded-Server': 'web-1' },
  { Forwarded: 'for=127.0.0.1;host=localhost' },
  { 'X-Real-IP': '127.0.0.1' },
  { 'X-Client-IP': '127.0.0.1' },
  { 'True-Client-IP': '127.0.0.1' },
  { 'CF-Connecting-IP': '127.0.0.1' },
  { Via: '1.1 proxy' },
])('behind a proxy on the same machine they do not exist: %j', async (headers) => {
  expect(await statuses(headers)).toEqual([404]);
});

test('nor behind a proxy that adds no header and speaks HTTP/1.0', async () => {
  const { port } = atrium.server.address() as AddressInfo;
  const first = async (version: string) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `GET /dev/mail.json HTTP/${version}\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    return chunk.toString().split('\r\n')[0];
  };
  expect(await first('1.1')).toContain(' 200 ');
  expect(await first('1.0')).toContain(' 404 ');
});

test.each([
  ['127.0.0.1', 'IPv4', true],
  ['127.9.9.9', 'IPv4', true],
  ['::1', 'IPv6', true],
  ['::ffff:127.0.0.1', 'IPv6', true],
  ['192.168.1.9', 'IPv4', false],
  ['10.0.0.1', 'IPv4', false],
  ['::ffff:192.168.1.9', 'IPv6', false],
  ['fe80::1', 'IPv6', false],
  [undefined, undefined, false],
])(
  'a connection from %s (%s) is one of this machine: %s',
  (remoteAddress, remoteFamily, isOurs) => {
    const socket = { remoteAddress, remoteFamily };
    const req = { socket, headers: { host: 'localhost' }, httpVersionMinor: 1 };
    expect(isLoopback(req as Request)).toBe(isOurs);
  },
);

test('in production they do not exist for anybody', async () => {
  const production = await startApp({ NODE_ENV: 'production', ALLOWED_HOSTS: '127.0.0.1' });
  try {
    for (const path of pages) expect((await ask(path, {}, production)).status).toBe(404);
  } finally {
    await production.stop();
  }
});
