import { createHash } from 'node:crypto';
import { IdempotencyRepository } from '../../src/core/http/api/idempotency.repository.js';
import { Sweeper } from '../../src/core/jobs/sweeper.js';
import type { ApiClient } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
let ann: ApiClient;
beforeAll(async () => {
  atrium = await startApp();
  await atrium.sql(`INSERT INTO idempotent_answer (key_hash, body_hash, claim, created_at)
    VALUES ('\\x01', '\\x01', gen_random_uuid(), now() - interval '25 hours')`);
  await atrium.people.adminOf('Acme', 'ann@acme.example');
  ann = await atrium.api().login('ann@acme.example', PASSWORD);
});
afterAll(() => atrium.stop());

const LATEST = 'created_at = (SELECT max(created_at) FROM idempotent_answer)';

const plan = (key: string, body: object = { name: 'Bridge' }, client = ann) =>
  client.post('/projects', body, { 'idempotency-key': key });

const names = async () =>
  (await atrium.sql<{ name: string }>('SELECT name FROM project ORDER BY name')).map(
    ({ name }) => name,
  );

test('a repeated request gets the same answer and is performed once', async () => {
  const first = await plan('one');
  const again = await plan('one');
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toEqual(first.body);
  expect(again.get('location')).toBe(first.get('location'));
  expect([first.get('idempotency-replayed'), again.get('idempotency-replayed')]).toEqual([
    undefined,
    'true',
  ]);
  expect(await names()).toEqual(['Bridge']);
});

test('the same key with another body is refused', async () => {
  const other = await plan('one', { name: 'Tunnel' });
  expect(other.status).toBe(422);
  expect(other.body.detail).toContain('another body');
  expect(await names()).not.toContain('Tunnel');
});

test('eight concurrent requests with one key create one row and get the same answer or 409', async () => {
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => plan('at-once', { name: 'Ferry' })),
  );
  const done = answers.filter(({ status }) => status === 201);
  expect(new Set(done.map(({ body }) => body.id)).size).toBe(1);
  expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
  expect((await names()).filter((name) => name === 'Ferry')).toHaveLength(1);
  expect((await plan('at-once', { name: 'Ferry' })).body.id).toBe(done[0]!.body.id);
});

test('after a refusal the corrected request may use the same key', async () => {
  expect((await plan('corrected', { name: '' })).status).toBe(422);
  expect((await plan('corrected', { name: 'Tower' })).status).toBe(201);
});

test('keys of different callers are independent', async () => {
  await atrium.people.adminOf('Globex', 'bob@globex.example');
  const bob = await atrium.api().login('bob@globex.example', PASSWORD);
  const his = await plan('one', { name: 'Bridge' }, bob);
  expect(his.status).toBe(201);
  expect(his.get('idempotency-replayed')).toBeUndefined();
});

test('an invalid Idempotency-Key is refused', async () => {
  for (const key of ['', ' ', 'x'.repeat(256), 'a b']) {
    const { status } = await plan(key);
    expect([key, status]).toEqual([key, 400]);
  }
});

test('stored answers with tokens are encrypted in the database', async () => {
  const body = { email: 'carl@acme.example', password: PASSWORD };
  const headers = { 'idempotency-key': 'register' };
  const first = await atrium.api().post('/auth/register', body, headers);
  const again = await atrium.api().post('/auth/register', body, headers);
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toEqual(first.body);
  const rows = await atrium.sql<{ row: string }>(
    `SELECT encode(answer, 'escape') AS row FROM idempotent_answer`,
  );
  expect(rows.map(({ row }) => row).join()).not.toContain('refresh_token');
});

test('after a day a key is new', async () => {
  await plan('old', { name: 'Canal' });
  await atrium.sql(`UPDATE idempotent_answer SET created_at = now() - interval '25 hours'`);
  const again = await plan('old', { name: 'Canal' });
  expect([again.status, again.get('idempotency-replayed')]).toEqual([201, undefined]);
  expect((await names()).filter((name) => name === 'Canal')).toHaveLength(2);
});

test('answers older than a day are deleted', async () => {
  await atrium.app.get(Sweeper).sweepAll();
  expect(await atrium.sql(`SELECT 1 FROM idempotent_answer WHERE body_hash = '\\x01'`)).toEqual([]);
});

test('an unfinished request is not performed twice; one whose process died is performed again', async () => {
  await plan('cut-off', { name: 'Dam' });
  await atrium.sql(`UPDATE idempotent_answer SET answer = NULL WHERE ${LATEST}`);
  const early = await plan('cut-off', { name: 'Dam' });
  expect([early.status, early.get('retry-after')]).toEqual([409, '1']);
  await atrium.sql(
    `UPDATE idempotent_answer SET created_at = now() - interval '61 seconds' WHERE ${LATEST}`,
  );
  const late = await plan('cut-off', { name: 'Dam' });
  expect([late.status, late.get('idempotency-replayed')]).toEqual([201, undefined]);
});

test('an operation is rolled back when its answer cannot be stored', async () => {
  const { keep } = IdempotencyRepository.prototype;
  IdempotencyRepository.prototype.keep = () => Promise.resolve(false);
  try {
    expect((await plan('lost', { name: 'Lost' })).status).toBe(409);
  } finally {
    IdempotencyRepository.prototype.keep = keep;
  }
  expect(await names()).not.toContain('Lost');
  expect((await plan('lost', { name: 'Lost' })).status).toBe(201);
});

test('a stolen table is no list of passwords to try', async () => {
  const body = JSON.stringify({ email: 'dora@acme.example', password: PASSWORD });
  const headers = { 'idempotency-key': 'dora', 'content-type': 'application/json' };
  expect((await atrium.api().post('/auth/register', body, headers)).status).toBe(201);
  const hash = createHash('sha256').update(body).digest();
  expect(await atrium.sql('SELECT 1 FROM idempotent_answer WHERE body_hash = $1', [hash])).toEqual(
    [],
  );
});

test('a key may be quoted, as in the draft', async () => {
  const first = await plan('quoted', { name: 'Quay' });
  expect((await plan('"quoted"', { name: 'Quay' })).body).toEqual(first.body);
});

test('of two concurrent changes of the same state one succeeds', async () => {
  const { body, ...made } = await plan('shared', { name: 'Shared' });
  const path = `/projects/${body.id}`;
  const etag = (await ann.get(path)).get('etag')!;
  expect(made.status).toBe(201);
  for (const [route, change] of [
    [path, { name: 'Mine' }],
    ['/tenant', { organization: 'Mine' }],
    ['/me', { display_name: 'Mine' }],
  ] as const) {
    const tag = route === path ? etag : (await ann.get(route)).get('etag')!;
    const both = [1, 2].map((n) => {
      const [[field, text]] = Object.entries(change) as [[string, string]];
      return ann.send('PATCH', route, { [field]: `${text} ${n}` }, { 'if-match': tag });
    });
    const statuses = (await Promise.all(both)).map(({ status }) => status).sort();
    expect([route, statuses]).toEqual([route, [200, 412]]);
  }
});
