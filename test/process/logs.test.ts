import { ENGINE, freshDatabase, type TestDatabase } from '../support/database.js';
import { fakeSmtp } from '../support/fake-smtp.js';
import { start, temporaryFolder, Visitor, type Running } from './support.js';

// On a server a process starts in a second; the lines are the same on both.
const onServer = ENGINE === 'server' ? describe : describe.skip;
const folder = temporaryFolder();

const PASSWORD = 'paper lantern orbit';
const NEW_PASSWORD = 'copper kettle meadow';
const APP_SECRET = 'a-secret-for-tests-0123456789abcdef';
const SMTP_PASSWORD = 'smtp-password-0123456789';
const SESSION = '__Host-atrium_session';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

interface Line {
  msg?: string;
  [field: string]: unknown;
}

onServer('the logs of a whole run, as talkative as they get', () => {
  let output = '';
  /** Secrets that must not appear in the log, by name. */
  const secrets: Array<[string, string]> = [];
  let lines: Line[] = [];

  beforeAll(async () => {
    const database = await freshDatabase();
    const smtp = await fakeSmtp();
    const running = await start({
      NODE_ENV: 'production',
      LOG_LEVEL: 'trace',
      SLOW_QUERY_MS: '1',
      REQUIRE_STAFF_SECOND_FACTOR: 'false',
      APP_SECRET,
      APP_URL: 'https://atrium.test',
      ALLOWED_HOSTS: '127.0.0.1',
      ...database.settings,
      DATA_DIR: folder,
      SMTP_URL: `smtp://mailer:${SMTP_PASSWORD}@127.0.0.1:${smtp.port}?ignoreTLS=true`,
    });
    try {
      await live(running, smtp);
      await act(running, database.owner);
    } finally {
      running.child.kill('SIGTERM');
      await running.ended;
      await smtp.stop();
      await database.drop();
    }
    output = running.output();
    lines = output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);
  }, 90_000);

  /** Registration, sign-in, an invitation, a reset and tokens of the API. */
  async function live(running: Running, smtp: Awaited<ReturnType<typeof fakeSmtp>>) {
    secrets.push(
      ['password', PASSWORD],
      ['new password', NEW_PASSWORD],
      ['APP_SECRET', APP_SECRET],
      ['SMTP password', SMTP_PASSWORD],
    );
    const keep = (what: string, secret: string | undefined) => {
      expect([what, secret?.length ?? 0]).toEqual([what, expect.any(Number)]);
      secrets.push([what, secret!]);
    };
    const mailTo = async (address: string, count: number) => {
      for (let tries = 0; smtp.to(address).length < count && tries < 200; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const { body } = smtp.to(address)[count - 1]!;
      const [, link = '', token = ''] = /https:\/\/atrium\.test(\/\S*?([\w-]{43})\/?)/.exec(body)!;
      keep(`link in mail ${count} to ${address}`, token);
      // A line of its text that stands in no template of another kind.
      const sentence = body.split('\n').find((line) => /^[A-Z][^<>:]{30,}$/.test(line));
      keep(`text of mail ${count} to ${address}`, sentence?.slice(0, 60));
      return link;
    };

    const anna = new Visitor(running.url);
    await anna.arrive('anna@acme.test', 'Acme');
    keep('session', anna.cookie(SESSION));
    await anna.get(await mailTo('anna@acme.test', 1));
    const users = await anna.form('/settings/users/');
    await users({ action: 'invite', email: 'ben@acme.test', role: 'member' });
    const invitation = await mailTo('ben@acme.test', 1);
    await new Visitor(running.url).get(invitation);

    const stranger = new Visitor(running.url);
    await stranger.submit('/login/', { email: 'anna@acme.test', password: NEW_PASSWORD });
    await stranger.submit('/password-reset/', { email: 'anna@acme.test' });
    const reset = await mailTo('anna@acme.test', 2);
    await stranger.submit(reset, { password: NEW_PASSWORD, password_confirmation: NEW_PASSWORD });
    await stranger.submit('/login/', { email: 'anna@acme.test', password: NEW_PASSWORD });
    await stranger.get('/dashboard/?token=in-the-query');
    secrets.push(['query', 'in-the-query']);

    const api = async (path: string, body: object | null, bearer = '') => {
      const answer = await fetch(`${running.url}/api/v1${path}`, {
        method: body ? 'POST' : 'GET',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${bearer}`,
          traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return (await answer.json()) as Record<string, string>;
    };
    const registered = { email: 'cara@acme.test', password: PASSWORD };
    const tokens = await api('/auth/register', registered);
    keep('access token', tokens.access_token);
    keep('refresh token', tokens.refresh_token);
    await api('/me', null, tokens.access_token);
    const renewed = await api('/auth/refresh', { refresh_token: tokens.refresh_token });
    keep('renewed refresh token', renewed.refresh_token);
    await api('/auth/refresh', { refresh_token: tokens.refresh_token });
    await api('/me', null, 'not-a-token-but-long-enough-to-be-one-0123456789');
    secrets.push(['wrong token', 'not-a-token-but-long-enough']);
    // The line of a request is written once its answer is out.
    await new Promise((resolve) => setTimeout(resolve, 300));
  }

  /** A superuser on somebody's behalf. */
  async function act(running: Running, owner: TestDatabase['owner']) {
    const root = new Visitor(running.url);
    await root.arrive('root@atrium.test', 'Atrium');
    await owner.query(
      `UPDATE users SET is_staff = true, is_superuser = true WHERE email = 'root@atrium.test'`,
    );
    const { rows } = await owner.query<{ id: string }>(
      `SELECT id FROM users WHERE email = 'anna@acme.test'`,
    );
    const form = { reason: 'Anna cannot find her project', minutes: '15', mode: 'look' };
    await root.submit(`/admin/users/${rows[0]!.id}/act/`, form);
    secrets.push(['session on behalf', root.cookie(SESSION)!]);
    secrets.push(['own session', root.cookie('__Host-atrium_own_session')!]);
    await root.get('/projects/');
    await new Promise((resolve) => setTimeout(resolve, 300));
  }

  test('hold no password, no token and nothing of a mail', () => {
    expect(secrets.length).toBeGreaterThan(12);
    for (const [what, secret] of secrets) {
      expect([what, secret.length > 8]).toEqual([what, true]);
      expect([what, output.includes(secret)]).toEqual([what, false]);
    }
  });

  test('say who, for whom, in which request and in which trace', () => {
    const id = expect.stringMatching(/^[\w-]{36}$/) as string;
    const dashboard = lines.find(({ msg }) => String(msg).startsWith('GET /dashboard/ 200'));
    expect(dashboard).toMatchObject({ request_id: id, user_id: id, tenant_id: id });
    const traced = lines.find(({ msg }) => String(msg).startsWith('GET /api/v1/me 200'));
    expect(traced).toMatchObject({ user_id: id, trace_id: TRACE });
  });

  test('say who acts, where it is on somebody’s behalf', () => {
    const id = expect.stringMatching(/^[\w-]{36}$/) as string;
    const seen = lines.filter(({ msg }) => String(msg).startsWith('GET /projects/ 200')).at(-1);
    expect(seen).toMatchObject({ user_id: id, staff_id: id, tenant_id: id });
    expect(seen!.staff_id).not.toBe(seen!.user_id);
    const own = lines.find(({ msg }) => String(msg).startsWith('GET /dashboard/ 200'));
    expect(own).not.toHaveProperty('staff_id');
  });

  test('name statements that were slow, without what they were about', () => {
    const slow = lines.filter(({ msg }) => msg === 'A statement was slow');
    expect(slow.length).toBeGreaterThan(0);
    for (const line of slow) {
      expect(line).toMatchObject({
        statement: expect.any(String) as string,
        duration_ms: expect.any(Number) as number,
      });
    }
    const described = slow.map((line) => JSON.stringify(line)).join('\n');
    expect(described).not.toMatch(/anna@|ben@|cara@|Acme/);
  });
});
