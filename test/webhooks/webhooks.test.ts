import { setTimeout as sleep } from 'node:timers/promises';
import { AuditTrail } from '../../src/audit/audit-trail.service.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import type { AuditAction, Permission } from '../../src/core/features/names.js';
import { mergedAudit } from '../../src/core/features/registry.js';
import { WebhookEndpointsRepository } from '../../src/webhooks/endpoints/webhook-endpoints.repository.js';
import { WebhookDispatcher } from '../../src/webhooks/deliveries/webhook-dispatcher.js';
import { WebhookRetention } from '../../src/webhooks/webhook-retention.service.js';
import type { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import { ENGINE } from '../support/database.js';
import { Contract } from '../support/contract.js';
import { patience } from '../support/limits.js';
import { PASSWORD } from '../support/people.js';
import { eventually } from '../support/waiting.js';
import { startReceiver, verified, type ANSWERS } from './receiver.js';

/** Of a feature that a product may leave out. */
const CREATED = 'project.created' as AuditAction;
const READS_PROJECTS = 'projects:read' as Permission;

/** Where a transaction is held open: the embedded engine runs one at a time. */
const onServer = ENGINE === 'server' ? test : test.skip;

let atrium: TestApp;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let client: ApiClient;
let count = 0;

beforeAll(async () => {
  receiver = await startReceiver();
  atrium = await startApp({
    OUTBOUND_INSECURE_HOSTS: receiver.host,
    OUTBOUND_TIMEOUT_SECONDS: '3',
  });
  await atrium.people.adminOf('Acme', 'anna@acme.example');
  client = await atrium.api().login('anna@acme.example', PASSWORD);
});
afterAll(async () => {
  await atrium.stop();
  await receiver.stop();
});

interface Endpoint {
  id: string;
  secret: string;
  path: string;
}

interface Delivery {
  id: string;
  event_id: string;
  state: string;
  attempts: number;
  status: number | null;
  failure: string | null;
  attempted_at: string;
  next_attempt_at: string;
}

interface EndpointRow {
  secret: Buffer;
  failing_since: Date | null;
  failures: number;
  notices: number;
  disabled_at: Date | null;
  disabled_reason: string | null;
}

/** An endpoint of its own for each test, at a receiver that behaves like that. */
async function endpoint(
  how: keyof typeof ANSWERS = 'ok',
  events = ['project.created'],
): Promise<Endpoint> {
  const path = `/${how}/${++count}`;
  receiver.answering(path, how);
  const made = await client.post('/webhook-endpoints', { url: receiver.url(path), events });
  expect(made.status).toBe(201);
  return { id: made.body.id, secret: made.body.secret, path };
}

const project = (name: string) => client.post('/projects', { name });
const messages = ({ path }: Endpoint) => receiver.at(path);
const arrived = (one: Endpoint, number = 1) =>
  eventually(() => Promise.resolve(messages(one).length >= number));

/** The log of an endpoint, latest first. */
async function log({ id }: Endpoint): Promise<Delivery[]> {
  return (await client.get(`/deliveries?endpoint_id=${id}`)).body.items;
}

/** Waits until the latest delivery has been attempted so often, and what came of it is written. */
async function attempted(one: Endpoint, attempts = 1): Promise<Delivery> {
  const latest = async () => (await log(one))[0];
  await eventually(async () => {
    const found = await latest();
    return found !== undefined && found.attempts >= attempts && found.state !== 'sending';
  });
  return (await latest())!;
}

/** Makes the next attempt due, as if its time had come. */
async function dueNow({ id }: Endpoint): Promise<void> {
  await atrium.sql(
    `UPDATE webhook_delivery SET next_attempt_at = now() WHERE endpoint_id = $1 AND state = 'pending'`,
    [id],
  );
}

async function row({ id }: Endpoint): Promise<EndpointRow> {
  const rows = await atrium.sql<EndpointRow>('SELECT * FROM webhook_endpoint WHERE id = $1', [id]);
  return rows[0]!;
}

async function deleted(...endpoints: Endpoint[]): Promise<void> {
  for (const { id } of endpoints) await client.send('DELETE', `/webhook-endpoints/${id}`);
}

describe('A change that all members see', () => {
  test('is sent to the endpoints that chose it, and to no others', async () => {
    const [one, other] = [await endpoint(), await endpoint('ok', ['member.joined'])];
    const { body: made } = await project('Harbour house');
    await arrived(one);
    const [message] = messages(one);
    expect(verified(one.secret, message!)).toEqual({
      type: 'project.created',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      version: 1,
      data: {
        organization_id: await atrium.people.tenant('Acme'),
        object: 'project',
        id: made.id,
        name: 'Harbour house',
        changed_fields: ['name', 'status'],
        actor: { kind: 'person', id: expect.any(String) },
      },
    });
    expect(message!.headers['content-type']).toBe('application/json');
    expect(await attempted(one)).toMatchObject({
      state: 'delivered',
      status: 200,
      attempts: 1,
      event_id: message!.headers['webhook-id'],
    });
    const { body } = await client.get(`/deliveries/${(await log(one))[0]!.id}`);
    expect(body).toMatchObject({ request: message!.body, answer: 'thank you' });
    expect(await log(other)).toEqual([]);
    await deleted(one, other);
  });

  test('is an event exactly when it was committed', async () => {
    const one = await endpoint();
    const tenantId = await atrium.people.tenant('Acme');
    const subject = { kind: 'project', id: null, name: 'Undone' };
    const undone = runInContext({ tenantId }, () =>
      atrium.app.get(UnitOfWork, { strict: false }).run(async () => {
        await atrium.app.get(AuditTrail, { strict: false }).record({ action: CREATED, subject });
        throw new Error('undone');
      }),
    );
    await expect(undone).rejects.toThrow('undone');
    const key = { 'idempotency-key': 'once' };
    for (let time = 0; time < 2; time++) await client.post('/projects', { name: 'Once' }, key);
    expect((await client.post('/projects', { name: '' })).status).toBe(422);
    await attempted(one);
    expect(await log(one)).toHaveLength(1);
    await deleted(one);
  });

  test('is not sent to another organisation, nor does that see the deliveries', async () => {
    const one = await endpoint();
    await atrium.people.adminOf('Zenith', 'zoe@zenith.example');
    const zoe = await atrium.api().login('zoe@zenith.example', PASSWORD);
    await zoe.post('/projects', { name: 'Theirs' });
    await project('Ours');
    await attempted(one);
    expect((await log(one)).length).toBe(1);
    expect((await zoe.get('/deliveries')).body.items).toEqual([]);
    expect((await zoe.get(`/webhook-endpoints/${one.id}`)).status).toBe(404);
    expect((await zoe.get(`/deliveries/${(await log(one))[0]!.id}`)).status).toBe(404);
    await deleted(one);
  });
});

describe('The secret', () => {
  test('can be replaced: for 24 hours messages are signed with both', async () => {
    const one = await endpoint();
    const { body: rotated } = await client.post(`/webhook-endpoints/${one.id}/rotate`);
    expect(rotated.secret).not.toBe(one.secret);
    await client.post(`/webhook-endpoints/${one.id}/ping`);
    await arrived(one);
    expect(verified(rotated.secret, messages(one)[0]!)).toMatchObject({ type: 'webhook.ping' });
    expect(verified(one.secret, messages(one)[0]!)).toMatchObject({ type: 'webhook.ping' });
    await atrium.sql('UPDATE webhook_endpoint SET previous_secret_until = now() WHERE id = $1', [
      one.id,
    ]);
    await client.post(`/webhook-endpoints/${one.id}/ping`);
    await arrived(one, 2);
    expect(verified(rotated.secret, messages(one)[1]!)).toMatchObject({ type: 'webhook.ping' });
    expect(() => verified(one.secret, messages(one)[1]!)).toThrow(/signature/i);
    await deleted(one);
  });

  test('is in no answer but the one that made it, and not readable in the database', async () => {
    const one = await endpoint();
    const answers = [
      await client.get('/webhook-endpoints'),
      await client.get(`/webhook-endpoints/${one.id}`),
    ];
    for (const { text } of answers) expect(text).not.toContain('whsec_');
    const { secret } = await row(one);
    const key = Buffer.from(one.secret.slice('whsec_'.length), 'base64');
    expect(Buffer.from(secret).includes(key)).toBe(false);
    await deleted(one);
  });
});

describe('An address that leads to our own network', () => {
  const HOSTILE = [
    ['https://127.0.0.1/', /not on the public internet/],
    ['https://2130706433/', /not on the public internet/],
    ['https://[::ffff:10.0.0.1]/', /not on the public internet/],
    ['https://[64:ff9b::a00:1]/', /not on the public internet/],
    ['https://169.254.169.254/latest/meta-data/', /not on the public internet/],
    ['https://localhost/', /not on the public internet/],
    ['https://me:secret@example.com/', /user name/],
    ['https://example.com:5432/', /port/],
    ['http://example.com/', /begin with https/],
  ] as const;

  test.each(HOSTILE)('is refused at creation, with the reason: %s', async (url, reason) => {
    const { status, body } = await client.post('/webhook-endpoints', {
      url,
      events: ['project.created'],
    });
    expect(status).toBe(422);
    expect(body.errors).toEqual([{ pointer: '/url', detail: expect.stringMatching(reason) }]);
  });

  test('is refused at each delivery, with the reason in the log', async () => {
    for (const [url, failure] of [
      ['https://127.0.0.1/', 'address'],
      ['https://localhost/', 'address'],
      ['https://example.com:5432/', 'port'],
      ['http://example.com/', 'scheme'],
    ]) {
      const one = await endpoint();
      await atrium.sql('UPDATE webhook_endpoint SET url = $2 WHERE id = $1', [one.id, url]);
      await client.post(`/webhook-endpoints/${one.id}/ping`);
      expect(await attempted(one)).toMatchObject({ state: 'pending', failure, status: null });
      await deleted(one);
    }
  });
});

describe('A receiver that does not accept a message', () => {
  test('costs the others nothing, however it fails', async () => {
    const failing = await Promise.all(
      (['hang', 'byTheByte', 'error', 'redirect', 'reset'] as const).map((how) => endpoint(how)),
    );
    const one = await endpoint();
    await project('Bridge');
    const delivered = await attempted(one);
    expect(delivered).toMatchObject({ state: 'delivered' });
    const outcomes = [];
    for (const each of failing) {
      const { state, status, failure, attempted_at: at } = await attempted(each);
      expect(state).toBe('pending');
      outcomes.push(status ?? failure);
      // Nobody waited for the three seconds that one of them takes.
      expect(Date.parse(delivered.attempted_at) - Date.parse(at)).toBeLessThan(2_500);
    }
    expect(outcomes).toEqual(['timeout', 'timeout', 500, 302, 'connection']);
    await deleted(one, ...failing);
  });

  test('sends as much as it likes: 2 kB of it are read', async () => {
    const one = await endpoint('gigabyte');
    await client.post(`/webhook-endpoints/${one.id}/ping`);
    const { id, state } = await attempted(one);
    expect(state).toBe('delivered');
    expect((await client.get(`/deliveries/${id}`)).body.answer).toHaveLength(2_048);
    await deleted(one);
  });

  test('is sent the same message again, ten times in all', async () => {
    const one = await endpoint('error');
    await project('Quay');
    for (let attempts = 1; attempts <= 10; attempts++) {
      const { state, next_attempt_at: next, attempted_at: at } = await attempted(one, attempts);
      const seconds = (Date.parse(next) - Date.parse(at)) / 1000;
      const delay = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400][attempts - 1];
      if (delay !== undefined) {
        // Up to a tenth longer, and as long as the attempt took.
        expect(seconds).toBeGreaterThanOrEqual(delay);
        expect(seconds).toBeLessThanOrEqual(delay * 1.1 + 4);
      }
      expect(state).toBe(attempts < 10 ? 'pending' : 'failed');
      await dueNow(one);
    }
    expect(messages(one)).toHaveLength(10);
    expect(new Set(messages(one).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(messages(one).map(({ body }) => body)).size).toBe(1);
    await deleted(one);
  });

  test('says when to come back', async () => {
    const one = await endpoint('busy');
    await client.post(`/webhook-endpoints/${one.id}/ping`);
    const { next_attempt_at: next, attempted_at: at } = await attempted(one);
    expect(Date.parse(next) - Date.parse(at)).toBeGreaterThanOrEqual(7_200_000);
    expect(Date.parse(next) - Date.parse(at)).toBeLessThan(7_300_000);
    await deleted(one);
  });

  test('is gone: the endpoint is disabled, and its admins are told', async () => {
    const one = await endpoint('gone');
    await client.post(`/webhook-endpoints/${one.id}/ping`);
    expect(await attempted(one)).toMatchObject({ state: 'failed', status: 410 });
    const { body } = await client.get(`/webhook-endpoints/${one.id}`);
    expect(body).toMatchObject({ is_enabled: false, disabled_reason: 'gone' });
    await atrium.mails.expect('anna@acme.example', /have been disabled/);
    expect((await client.post(`/webhook-endpoints/${one.id}/ping`)).status).toBe(409);
    await project('Unheard');
    receiver.answering(one.path, 'ok');
    const enabled = await client.send('PATCH', `/webhook-endpoints/${one.id}`, {
      is_enabled: true,
    });
    expect(enabled.body).toMatchObject({ is_enabled: true, disabled_reason: null });
    await client.post(`/webhook-endpoints/${one.id}/ping`);
    await eventually(async () => (await log(one))[0]!.state === 'delivered');
    expect(await log(one)).toHaveLength(2);
    await deleted(one);
  });

  test('fails for days: admins are mailed after 24 and 48 hours, and it is disabled after 72', async () => {
    const one = await endpoint('error');
    await client.post(`/webhook-endpoints/${one.id}/ping`);
    await attempted(one);
    const fails = async (hours: number, attempts: number) => {
      await atrium.sql(
        'UPDATE webhook_endpoint SET failing_since = now() - make_interval(hours => $2) WHERE id = $1',
        [one.id, hours],
      );
      await dueNow(one);
      await attempted(one, attempts);
    };
    const mails = async () =>
      (await atrium.mails.to('anna@acme.example')).filter(({ subject }) => /failing/.test(subject));
    await fails(23, 2);
    expect((await row(one)).notices).toBe(0);
    await fails(24, 3);
    await atrium.mails.expect('anna@acme.example', /are failing/, 1);
    await fails(30, 4);
    await fails(49, 5);
    await atrium.mails.expect('anna@acme.example', /are failing/, 2);
    await fails(73, 6);
    expect((await row(one)).disabled_at).toBeNull();
    await atrium.sql('UPDATE webhook_endpoint SET failures = 9 WHERE id = $1', [one.id]);
    await fails(74, 7);
    expect(await row(one)).toMatchObject({ disabled_reason: 'failing', notices: 2 });
    await atrium.mails.expect('anna@acme.example', /have been disabled/, 2);
    expect(await mails()).toHaveLength(2);
    await deleted(one);
  });

  test('recovers: the streak of failures ends', async () => {
    const one = await endpoint('error');
    await client.post(`/webhook-endpoints/${one.id}/ping`);
    await attempted(one);
    expect(await row(one)).toMatchObject({ failures: 1, failing_since: expect.any(Date) });
    receiver.answering(one.path, 'ok');
    await dueNow(one);
    await eventually(async () => (await log(one))[0]!.state === 'delivered');
    expect(await row(one)).toMatchObject({ failures: 0, failing_since: null });
    await deleted(one);
  });
});

describe('An endpoint that was changed during an attempt', () => {
  test.each([
    ['has another address', `url = url || '/elsewhere'`, null],
    ['is disabled', `disabled_at = now(), disabled_reason = 'person'`, 'person'],
  ])('is not disabled by it when it %s now', async (_, change, reason) => {
    const one = await endpoint('held');
    await client.post(`/webhook-endpoints/${one.id}/ping`);
    await arrived(one);
    await atrium.sql(`UPDATE webhook_endpoint SET ${change} WHERE id = $1`, [one.id]);
    receiver.release(one.path, 'gone');
    expect(await attempted(one)).toMatchObject({ status: 410 });
    expect(await row(one)).toMatchObject({ disabled_reason: reason, failures: 0 });
    await deleted(one);
  });

  test('and enabled again is sent nothing from before', async () => {
    const one = await endpoint();
    const path = `/webhook-endpoints/${one.id}`;
    await client.send('PATCH', path, { is_enabled: false });
    // As a change that had not been committed yet leaves it.
    const [event] = await atrium.sql<{ id: string }>(
      `INSERT INTO webhook_event (tenant_id, type, body)
       SELECT tenant_id, 'project.created', '{}' FROM webhook_endpoint WHERE id = $1 RETURNING id`,
      [one.id],
    );
    await atrium.sql(
      `INSERT INTO webhook_delivery (tenant_id, endpoint_id, event_id, type)
       SELECT tenant_id, id, $2, 'project.created' FROM webhook_endpoint WHERE id = $1`,
      [one.id, event!.id],
    );
    await client.send('PATCH', path, { is_enabled: true });
    expect(await log(one)).toMatchObject([{ state: 'failed', failure: 'disabled', attempts: 0 }]);
    expect(messages(one)).toEqual([]);
    await deleted(one);
  });
});

onServer('an endpoint that is being changed can be sent a test meanwhile', async () => {
  const one = await endpoint();
  const [unitOfWork, endpoints] = [UnitOfWork, WebhookEndpointsRepository].map((type) =>
    atrium.app.get(type, { strict: false }),
  ) as [UnitOfWork, WebhookEndpointsRepository];
  const tenantId = await atrium.people.tenant('Acme');
  let hasEnded = () => undefined as void;
  const end = new Promise<void>((resolve) => (hasEnded = resolve));
  let isLocked = () => undefined as void;
  const locked = new Promise<void>((resolve) => (isLocked = resolve));
  const changing = runInContext({ tenantId }, () =>
    unitOfWork.run(async () => {
      await endpoints.lock(one.id);
      isLocked();
      await end;
    }),
  );
  await locked;
  const ping = client.post(`/webhook-endpoints/${one.id}/ping`).then(({ status }) => status);
  expect(await Promise.race([ping, sleep(patience(1_000), 'waits')])).toBe(202);
  hasEnded();
  await changing;
  await deleted(one);
});

describe('Workers', () => {
  onServer('leave out a delivery that is being given up, and send the others', async () => {
    const [one, other] = [await endpoint('error'), await endpoint('error')];
    for (const { id } of [one, other]) await client.post(`/webhook-endpoints/${id}/ping`);
    await Promise.all([attempted(one), attempted(other)]);
    for (const each of [one, other]) receiver.answering(each.path, 'ok');
    const switchOne = (state: string) =>
      atrium.sql(`UPDATE webhook_endpoint SET ${state} WHERE id = $1`, [one.id]);
    await switchOne(`disabled_at = now(), disabled_reason = 'person'`);
    await dueNow(one);
    const giving = await atrium.database.owner.connect();
    await giving.query('BEGIN');
    const giveUp = `UPDATE webhook_delivery SET state = 'failed' WHERE endpoint_id = $1`;
    await giving.query(giveUp, [one.id]);
    await switchOne('disabled_at = NULL, disabled_reason = NULL');
    await dueNow(other);
    try {
      await eventually(async () => (await log(other))[0]!.state === 'delivered');
    } finally {
      await giving.query('COMMIT');
      giving.release();
    }
    atrium.app.get(WebhookDispatcher).wake();
    await eventually(async () => (await log(one))[0]!.state !== 'pending');
    expect((await log(one))[0]).toMatchObject({ state: 'failed', attempts: 1 });
    expect(messages(one)).toHaveLength(1);
    await deleted(one, other);
  });

  test('of two replicas send every message once', async () => {
    const one = await endpoint();
    const replica = await atrium.replica();
    const names = Array.from({ length: 30 }, (_, index) => `Project ${index}`);
    await Promise.all(names.map((name) => project(name)));
    for (let time = 0; time < 5; time++) {
      atrium.app.get(WebhookDispatcher).wake();
      replica.app.get(WebhookDispatcher).wake();
    }
    await arrived(one, names.length);
    await eventually(async () => (await log(one)).every((each) => each.state === 'delivered'));
    await replica.stop();
    const ids = messages(one).map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(names.length);
    expect(new Set(ids).size).toBe(names.length);
    await deleted(one);
  });

  test('that were killed in the middle of an attempt lose nothing', async () => {
    const one = await endpoint();
    await client.post(`/webhook-endpoints/${one.id}/ping`);
    await attempted(one);
    // As a killed worker leaves it: sent, but not written that it was, until its lease ends.
    const leave = (until: string) =>
      atrium.sql(
        `UPDATE webhook_delivery SET state = 'sending', next_attempt_at = ${until} WHERE endpoint_id = $1`,
        [one.id],
      );
    await leave(`now() + interval '1 minute'`);
    await client.post(`/webhook-endpoints/${one.id}/ping`);
    await arrived(one, 2);
    expect((await log(one))[1]).toMatchObject({ state: 'sending', attempts: 1 });
    await attempted(one);
    await leave('now()');
    expect(await attempted(one, 2)).toMatchObject({ state: 'delivered', attempts: 2 });
    await eventually(async () => (await log(one)).every(({ state }) => state === 'delivered'));
    const ids = messages(one).map(({ headers }) => headers['webhook-id']);
    const [ping, lost] = (await log(one)).map((each) => each.event_id);
    expect(ids.sort()).toEqual([ping, ping, lost, lost].sort());
    await deleted(one);
  });
});

describe('An admin', () => {
  test('has events sent again, one or all since a time', async () => {
    const one = await endpoint('error');
    await project('First');
    await project('Second');
    await eventually(async () => (await log(one)).every((each) => each.status === 500));
    await atrium.sql(
      `UPDATE webhook_delivery SET state = 'failed' WHERE endpoint_id = $1 AND type <> 'webhook.ping'`,
      [one.id],
    );
    receiver.answering(one.path, 'ok');
    const { id } = (await log(one))[0]!;
    expect((await client.post(`/deliveries/${id}/redeliver`)).status).toBe(202);
    await eventually(async () => (await log(one))[0]!.state === 'delivered');
    const since = { since: '2026-01-01T00:00:00Z' };
    const again = (body: object) => client.post(`/webhook-endpoints/${one.id}/redeliver`, body);
    expect((await again(since)).body).toEqual({ count: 1 });
    await eventually(async () => (await log(one))[0]!.state === 'delivered');
    expect((await again(since)).body).toEqual({ count: 0 });
    expect((await again({ ...since, all: true })).body).toEqual({ count: 2 });
    expect((await again({ since: 'yesterday' })).status).toBe(422);
    await deleted(one);
  });

  test('uses a key only for events that the key may read', async () => {
    const url = receiver.url('/by-key');
    const key = await atrium.people.keyOf('Acme', ['webhook_endpoints:write', 'members:read']);
    const machine = atrium.api().showing(key);
    const refused = await machine.post('/webhook-endpoints', { url, events: ['project.created'] });
    expect(refused.status).toBe(422);
    const made = await machine.post('/webhook-endpoints', { url, events: ['member.joined'] });
    expect(made.status).toBe(201);
    const path = `/webhook-endpoints/${made.body.id}`;
    const patch = { events: ['member.joined', 'project.created'] };
    expect((await machine.send('PATCH', path, patch)).status).toBe(422);
    await client.send('DELETE', path);
  });

  test('has an endpoint sent elsewhere only by a key that may read its events', async () => {
    const one = await endpoint('ok', ['member.joined', 'project.created']);
    const key = await atrium.people.keyOf('Acme', ['webhook_endpoints:write', 'members:read']);
    const machine = atrium.api().showing(key);
    const path = `/webhook-endpoints/${one.id}`;
    const url = receiver.url(`${one.path}/mine`);
    const refused = await machine.send('PATCH', path, { url });
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/events']);
    expect((await machine.send('PATCH', path, { description: 'Mine' })).status).toBe(200);
    expect((await machine.send('PATCH', path, { url: receiver.url(one.path) })).status).toBe(200);
    const patch = { url, events: ['member.joined'] };
    expect((await machine.send('PATCH', path, patch)).status).toBe(200);
    await deleted(one);
  });

  test('shows by a key only messages that the key may read', async () => {
    const one = await endpoint();
    await project('Secret house');
    await client.post(`/webhook-endpoints/${one.id}/ping`);
    await arrived(one, 2);
    const [ping, made] = await log(one);
    const read = async (key: string, { id }: Delivery) =>
      (await atrium.api().showing(key).get(`/deliveries/${id}`)).body;
    const blind = await atrium.people.keyOf('Acme', ['deliveries:read']);
    expect(await read(blind, made!)).toMatchObject({ type: 'project.created', request: null });
    expect((await read(blind, ping!)).request).toContain('webhook.ping');
    const seeing = await atrium.people.keyOf('Acme', ['deliveries:read', READS_PROJECTS]);
    expect((await read(seeing, made!)).request).toContain('Secret house');
    await deleted(one);
  });

  test('may add 16 endpoints, also when two add the last one at once', async () => {
    await atrium.people.adminOf('Sixteen', 'sam@sixteen.example');
    const sam = await atrium.api().login('sam@sixteen.example', PASSWORD);
    const add = (number: number) =>
      sam.post('/webhook-endpoints', {
        url: receiver.url(`/sixteen/${number}`),
        events: ['project.created'],
      });
    for (let number = 1; number <= 15; number++) expect((await add(number)).status).toBe(201);
    const last = await Promise.all([16, 17, 18].map((number) => add(number)));
    expect(last.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const refused = last.find(({ status }) => status === 409)!;
    expect(refused.body.detail).toMatch(/16 endpoints at most/);
    expect((await sam.get('/webhook-endpoints')).body.items).toHaveLength(16);
  });

  test('may have messages sent 300 times an hour', async () => {
    const strict = await startApp({ RATE_LIMIT_MULTIPLIER: '0.01' });
    const { browser } = await strict.people.adminOf('Acme', 'anna@acme.example');
    const key = await strict.people.keyOf('Acme', ['webhook_endpoints:write', 'deliveries:write']);
    const machine = strict.api().showing(key);
    const id = crypto.randomUUID();
    const since = { since: '2026-01-01T00:00Z' };
    const calls = [
      'webhook-endpoints/ID/ping',
      'webhook-endpoints/ID/redeliver',
      'deliveries/ID/redeliver',
    ].map((path) => () => machine.post(`/${path.replace('ID', id)}`, since));
    const forms = ['ID/ping', 'ID/redeliver', 'deliveries/ID/redeliver'].map(
      (path) => () => browser.post(`/settings/webhooks/${path.replace('ID', id)}/`, since),
    );
    for (const sends of [calls, forms]) {
      await strict.sql('DELETE FROM rate_limit');
      for (const send of sends) expect((await send()).status).toBe(404);
      for (const send of sends) expect((await send()).status).toBe(429);
    }
    await strict.stop();
  });

  test('does not overwrite what another one saved meanwhile', async () => {
    const one = await endpoint();
    const path = `/webhook-endpoints/${one.id}`;
    const tag = { 'if-match': (await client.get(path)).get('etag')! };
    expect((await client.send('PATCH', path, { description: 'A' }, tag)).status).toBe(200);
    expect((await client.send('PATCH', path, { description: 'B' }, tag)).status).toBe(412);
    expect(
      (
        await client.post('/webhook-endpoints', {
          url: receiver.url(one.path),
          events: ['project.created'],
        })
      ).status,
    ).toBe(409);
    await deleted(one);
  });
});

test('events are chosen once, however often they are named', async () => {
  const one = await endpoint('ok', ['project.created', 'member.joined', 'project.created']);
  const { body } = await client.get(`/webhook-endpoints/${one.id}`);
  expect(body.events).toEqual(['project.created', 'member.joined']);
  await deleted(one);
});

describe('The document', () => {
  /** Shared actions that are no events: nobody can have chosen them before. */
  const NO_EVENTS = ['tenant.created'];

  test('names every shared action as an event, and the test', async () => {
    const { webhooks } = (await Contract.of(atrium)).document;
    const shared = [...mergedAudit('actions')].filter(([, { isShared }]) => isShared);
    const types = shared.map(([type]) => type).filter((type) => !NO_EVENTS.includes(type));
    expect(Object.keys(webhooks).sort()).toEqual([...types, 'webhook.ping'].sort());
  });

  test('describes what is sent', async () => {
    const contract = await Contract.of(atrium);
    const types = Object.keys(contract.document.webhooks).filter((type) => type !== 'webhook.ping');
    const one = await endpoint('ok', types);
    const { body: made } = await project('Described');
    await client.send('PATCH', `/projects/${made.id}`, { name: 'Described at length' });
    await client.send('DELETE', `/projects/${made.id}`);
    const guest = { email: 'guest@acme.example', role: 'member' };
    await client.post('/invitations', guest);
    await atrium.people.memberOf('Acme', 'mia@acme.example');
    await client.post(`/webhook-endpoints/${one.id}/ping`);
    const seen = () => messages(one).map(({ body }) => JSON.parse(body) as { type: string });
    const expected = [
      'project.created',
      'project.changed',
      'project.deleted',
      'webhook.ping',
      'invitation.created',
    ];
    await eventually(() =>
      Promise.resolve(expected.every((type) => seen().some((each) => each.type === type))),
    );
    for (const message of seen()) contract.verifyMessage(message.type, message);
    const [message] = seen();
    const wider = { ...message!, more: 1 };
    expect(() => contract.verifyMessage(wider.type, wider)).toThrow(/not as documented/);
    await deleted(one);
  });
});

test('the log goes back 30 days', async () => {
  const one = await endpoint();
  await client.post(`/webhook-endpoints/${one.id}/ping`);
  await attempted(one);
  await client.post(`/webhook-endpoints/${one.id}/ping`);
  await eventually(async () => (await log(one)).length === 2);
  const age = (table: string, id: string) =>
    atrium.sql(`UPDATE ${table} SET created_at = now() - interval '31 days' WHERE id = $1`, [id]);
  const [, old] = await log(one);
  await age('webhook_delivery', old!.id);
  await age('webhook_event', old!.event_id);
  const removed = await atrium.app.get(WebhookRetention).remove();
  expect(removed).toEqual({ deliveries: 1, events: 1 });
  expect(await log(one)).toHaveLength(1);
  await deleted(one);
});
