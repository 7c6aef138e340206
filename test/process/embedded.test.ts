import { join } from 'node:path';
import { brand } from '../../src/core/brand/brand.js';
import { ENGINE } from '../support/database.js';
import { freePort, run, start, temporaryFolder, Visitor, type Running } from './support.js';

// These are about the embedded folder; on a server there is none.
const onEmbedded = ENGINE === 'embedded' ? describe : describe.skip;

const temporary = temporaryFolder();

onEmbedded('with no configuration at all', () => {
  const DATA_DIR = join(temporaryFolder(), 'data');
  const anna = new Visitor('');
  let running: Running;

  afterAll(() => void running?.child.kill('SIGKILL'));

  test('it starts on an empty folder, and somebody arrives', async () => {
    running = await start({ DATA_DIR });
    anna.url = running.url;
    await anna.arrive('anna@acme.test', 'Acme');
    expect((await anna.get('/dashboard/')).text).toContain('Welcome Anna');
    const address = running.url.replace('127.0.0.1', 'localhost');
    expect(running.output()).toContain(`${brand.name} is ready at ${address} `);
  }, 60_000);

  test('a second process on the same folder is refused with a clear message; the first goes on', async () => {
    const second = run('main.js', { DATA_DIR, PORT: String(await freePort()) });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(DATA_DIR);
    expect(second.output()).toContain('DATABASE_URL');
    expect(second.output()).not.toMatch(/^\s+at /m);
    expect((await anna.get('/dashboard/')).status).toBe(200);
  }, 30_000);

  test('a command works beside the running application', async () => {
    const command = run('commands.js', { DATA_DIR }, ['create-superuser', 'root@atrium.test']);
    command.child.stdin?.end('paper lantern orbit\n');
    expect(await command.ended).toBe(0);
    const root = new Visitor(running.url);
    const signedIn = await root.submit('/login/', {
      email: 'root@atrium.test',
      password: 'paper lantern orbit',
    });
    expect(signedIn.status).toBe(303);
  }, 30_000);

  test('keys are changed by a command beside it, and nobody is signed out', async () => {
    const ask = async (path: string, body?: object, token?: string) => {
      const headers = {
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      };
      const request = { method: body ? 'POST' : 'GET', headers };
      const sent = body ? { ...request, body: JSON.stringify(body) } : request;
      const answer = await fetch(`${running.url}${path}`, sent);
      return { status: answer.status, body: (await answer.json()) as Record<string, string> };
    };
    const person = { email: 'anna@acme.test', password: 'paper lantern orbit' };
    const before = (await ask('/api/v1/auth/login', person)).body.access_token!;
    const command = run('commands.js', { DATA_DIR }, ['rotate-keys']);
    expect(await command.ended).toBe(0);
    const kid = /the key (\S+)\./.exec(command.output())![1]!;
    expect(JSON.stringify((await ask('/.well-known/jwks.json')).body)).toContain(kid);
    expect((await ask('/api/v1/me', undefined, before)).status).toBe(200);
  }, 30_000);

  test('killed in the middle of a burst of writes, it loses nothing that was confirmed', async () => {
    const confirmed: string[] = [];
    const register = async (turn: number) => {
      const email = `burst${turn}@acme.test`;
      const visitor = new Visitor(running.url);
      const answer = await visitor.submit('/register/', { email, password: 'paper lantern orbit' });
      if (answer.status === 303) confirmed.push(email);
    };
    const burst = Array.from({ length: 40 }, (_, turn) => register(turn).catch(() => undefined));
    while (confirmed.length < 5) await new Promise((resolve) => setTimeout(resolve, 5));
    running.child.kill('SIGKILL');
    await Promise.all(burst);
    await running.ended;

    running = await start({ DATA_DIR });
    anna.url = running.url;
    expect((await anna.get('/dashboard/')).text).toContain('Welcome Anna');
    for (const email of confirmed) {
      const visitor = new Visitor(running.url);
      const again = await visitor.submit('/login/', { email, password: 'paper lantern orbit' });
      expect([email, again.status]).toEqual([email, 303]);
    }
  }, 60_000);

  test('asked to stop, it finishes what it is doing and ends well', async () => {
    const late = new Visitor(running.url);
    const send = await late.form('/register/');
    const answer = send({ email: 'late@acme.test', password: 'paper lantern orbit' });
    await new Promise((resolve) => setTimeout(resolve, 3));
    running.child.kill('SIGTERM');
    expect((await answer).status).toBe(303);
    await running.ended;
    expect(running.child.signalCode ?? 'SIGTERM').toBe('SIGTERM');

    running = await start({ DATA_DIR });
    late.url = running.url;
    expect((await late.get('/profile/complete/')).status).toBe(200);
  }, 30_000);
});

test('a port in use is said in a sentence', async () => {
  const port = String(await freePort());
  const first = await start({ DATA_DIR: join(temporary, 'a'), PORT: port });
  const second = run('main.js', { DATA_DIR: join(temporary, 'b'), PORT: port, HOST: '127.0.0.1' });
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`Port ${port} is in use`);
  expect(second.output()).not.toMatch(/^\s+at /m);
  first.child.kill('SIGKILL');
  await first.ended;
}, 180_000);

test.each([{ NODE_ENV: 'production' }, { NODE_ENV: '' }])(
  'with %j it is production: it refuses to start without a secret, and names what is missing',
  async (mode) => {
    const refused = run('main.js', { ...mode, APP_SECRET: '', APP_URL: '', DATA_DIR: temporary });
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toContain('APP_SECRET: is required in production');
    expect(refused.output()).toContain('APP_URL: is required in production');
    expect(refused.output()).not.toMatch(/^\s+at /m);
  },
);
