import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';
import { inTime } from '../support/waiting.js';

let atrium: TestApp;
let anna: Person;
beforeAll(async () => {
  atrium = await startApp({ REQUEST_TIMEOUT_SECONDS: '2' });
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
});
afterAll(() => atrium.stop());

describe('a session cookie that is spoilt', () => {
  const held = () => anna.browser.cookie('session')!;
  const ask = (cookie: string, path = '/dashboard/') =>
    atrium
      .browser()
      .agent.get(path)
      .set('Cookie', cookie)
      .redirects(0)
      .ok(() => true);

  test.each<[string, () => string]>([
    ['garbage', () => 'atrium_session=%%%"\\<>{}'],
    ['too short', () => `atrium_session=${held().slice(0, -1)}`],
    ['too long', () => `atrium_session=${held()}A`],
    ['another letter', () => `atrium_session=${held().slice(0, -2)}__`],
    ['nothing', () => 'atrium_session='],
    ['a NUL', () => `atrium_session=%00${held()}`],
    ['half a character', () => 'atrium_session=%E2%82'],
    ['an object', () => 'atrium_session=j:{"token":1}'],
    ['two at once', () => `atrium_session=x; atrium_session=${held()}`],
  ])('(%s) opens nothing, and the browser is told to forget it', async (_, cookie) => {
    const page = await ask(cookie());
    expect([page.status, page.get('location')]).toEqual([302, '/login/?next=%2Fdashboard%2F']);
    expect(page.get('set-cookie')).toContainEqual(
      expect.stringMatching(/^atrium_session=; .*Expires=Thu, 01 Jan 1970/),
    );
    expect((await ask(cookie(), '/')).status).toBe(200);
  });

  test('that is whole is kept', async () => {
    const page = await ask(`atrium_session=${held()}`);
    expect(page.status).toBe(200);
    expect(String(page.get('set-cookie'))).not.toContain('atrium_session');
  });
});

/** A connection of bare bytes; `answer` is all that came back once the server has closed it. */
async function raw(): Promise<{ send(text: string): void; answer: Promise<string> }> {
  const socket = connect((atrium.server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  const answer = new Promise<string>((resolve) => {
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
  return { send: (bytes) => socket.writable && socket.write(bytes), answer };
}

const othersAreServed = async () =>
  expect((await inTime(2, anna.browser.visit('/dashboard/'))).status).toBe(200);

test('headers over 16 KiB are refused, and others are served', async () => {
  const { send, answer } = await raw();
  send(`GET / HTTP/1.1\r\nHost: atrium.test\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`);
  expect(await inTime(3, answer)).toMatch(/^HTTP\/1\.1 431 /);
  await othersAreServed();
});

test.each([
  ['headers', 'GET / HTTP/1.1\r\nHost: atrium.test\r\n', 'X-A: b\r\n'],
  [
    'body',
    'POST /login/ HTTP/1.1\r\nHost: atrium.test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n',
    'a',
  ],
  [
    'body for the API',
    'POST /api/v1/auth/login HTTP/1.1\r\nHost: atrium.test\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n',
    ' ',
  ],
])(
  'clients whose %s trickle in are cut off, and others are served',
  async (_, first, more) => {
    const slow = await Promise.all(Array.from({ length: 30 }, () => raw()));
    slow.forEach(({ send }) => send(first));
    const trickle = setInterval(() => slow.forEach(({ send }) => send(more)), 100);
    try {
      await sleep(100);
      await othersAreServed();
      const answers = await inTime(6, Promise.all(slow.map(({ answer }) => answer)));
      for (const answer of answers) expect(answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
      await othersAreServed();
    } finally {
      clearInterval(trickle);
    }
  },
  15_000,
);
