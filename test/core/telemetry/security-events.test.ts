import { Logger } from '@nestjs/common';
import { connect, type AddressInfo } from 'node:net';
import { startApp, type TestApp } from '../../support/app.js';
import { PASSWORD, type Person } from '../../support/people.js';

const TOKEN = 'metrics-token-for-tests';

let atrium: TestApp;
let ben: Person;
let foreign: string;
const lines: Array<Record<string, unknown>> = [];
const warn = Logger.prototype.warn;
beforeAll(async () => {
  atrium = await startApp({ METRICS_TOKEN: TOKEN, RATE_LIMIT_MULTIPLIER: '10' });
  ben = await atrium.people.memberOf('Acme', 'ben@acme.example');
  const gina = await atrium.people.adminOf('Globex', 'gina@globex.example');
  const made = await gina.browser.fill('/projects/new/', { name: 'Roof' });
  foreign = made.location!;
  Logger.prototype.warn = (message: unknown) => {
    if (typeof message === 'object') lines.push(message as Record<string, unknown>);
  };
});
afterAll(async () => {
  Logger.prototype.warn = warn;
  await atrium.stop();
});

async function counted(event: string): Promise<number> {
  const answer = await atrium.browser().with('authorization', `Bearer ${TOKEN}`).visit('/metrics');
  const found = new RegExp(`atrium_security_events_total{event="${event}"} (\\d+)`).exec(
    answer.response.text,
  );
  return Number(found?.[1] ?? NaN);
}

const scenes: Array<[string, string, object, () => Promise<unknown>]> = [
  [
    'a wrong password',
    'sign_in_failed',
    {},
    () => atrium.browser().fill('/login/', { email: ben.email, password: 'not the password' }),
  ],
  [
    'a call of the API with no token',
    'unauthenticated',
    { method: 'GET', status: 401 },
    () => atrium.api().get('/me'),
  ],
  [
    'a page for admins',
    'access_refused',
    { method: 'GET', route: '/settings/api', status: 403 },
    () => ben.browser.visit('/settings/api/'),
  ],
  [
    'the back office',
    'access_refused',
    { method: 'GET', status: 404 },
    () => ben.browser.visit('/admin/'),
  ],
  [
    'a project of another organisation',
    'not_found',
    { method: 'GET', route: '/projects/:id', status: 404 },
    () => ben.browser.visit(foreign),
  ],
  [
    'a form from elsewhere',
    'csrf_refused',
    { method: 'POST', route: '/logout', status: 419 },
    () => ben.browser.agent.post('/logout/').ok(() => true),
  ],
];

test.each(scenes)('%s is an event of its own: %s', async (_, event, details, act) => {
  const before = await counted(event);
  lines.length = 0;
  await act();
  expect(lines).toEqual([{ event, ...details, msg: `Security event: ${event}` }].map(atLeast));
  expect(await counted(event)).toBe(before + 1);
});

test('more tries than allowed are an event of their own', async () => {
  lines.length = 0;
  const before = await counted('rate_limited');
  const body = { email: 'nobody@x.example', password: PASSWORD };
  const statuses: number[] = [];
  for (let n = 0; n < 101; n++)
    statuses.push((await atrium.api().post('/auth/login', body)).status);
  expect(statuses.at(-1)).toBe(429);
  expect(lines.at(-1)).toMatchObject({ event: 'rate_limited', limit: 'sign_in' });
  expect(await counted('rate_limited')).toBe(before + 1);
}, 60_000);

test('an event names nobody: no address, no e-mail address', () => {
  expect(lines.length).toBeGreaterThan(100);
  expect(JSON.stringify(lines)).not.toMatch(/@|127\.0\.0\.1|ben|nobody/);
});

function atLeast(line: object): unknown {
  return expect.objectContaining(line);
}

/** The response to raw bytes on a socket, which no client library would send. */
function raw(text: string): Promise<string> {
  const { port } = atrium.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    let answer = '';
    connect(port, '127.0.0.1')
      .on('data', (bytes) => (answer += bytes.toString()))
      .on('end', () => resolve(answer))
      .on('error', reject)
      .end(text);
  });
}

test.each(['/login/', '/api/v1/me', '/health/live'])(
  'a request to %s that names two hosts is refused',
  async (path) => {
    const ask = (hosts: string) => raw(`GET ${path} HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`);
    expect(await ask('Host: a.test\r\nHost: b.test\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await ask('Host: a.test\r\nhost: a.test\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await ask('Host: a.test\r\n')).not.toMatch(/^HTTP\/1\.1 400 /);
  },
);
