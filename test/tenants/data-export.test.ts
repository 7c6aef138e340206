import { jest } from '@jest/globals';
import { buffer } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Injectable, Module } from '@nestjs/common';
import yauzl from 'yauzl';
import { defineFeature, type ExportSource } from '../../src/core/features/feature.js';
import { installFeatures, installedFeatures } from '../../src/core/features/registry.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { JobQueue } from '../../src/core/jobs/job-queue.js';
import { ObjectStorage } from '../../src/core/storage/object-storage.js';
import { TenantExportsRepository } from '../../src/tenants/export/tenant-exports.repository.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Browser } from '../support/browser.js';

/** A feature that somebody adds, with a long part of its own. */
@Injectable()
class Volumes implements ExportSource {
  static rows: ExportSource['rows'];

  rows() {
    return Volumes.rows();
  }
}

@Module({ providers: [Volumes] })
class VolumesModule {}

const text = 'audit.data_part';
const volumes = defineFeature({
  name: 'volumes',
  module: VolumesModule,
  exportParts: { volumes: { text, table: 'tenant', columns: ['text'], source: Volumes } },
});

let atrium: TestApp;
let ann: Browser;
let zoe: Browser;
beforeAll(async () => {
  atrium = await startApp({}, [VolumesModule]);
  ann = (await atrium.people.adminOf('Acme', 'ann@acme.example')).browser;
  zoe = (await atrium.people.adminOf('Globex', 'zoe@globex.example')).browser;
  await atrium.people.memberOf('Acme', 'bob@acme.example');
  await ann.post('/settings/users/', {
    action: 'invite',
    email: 'guest@acme.example',
    role: 'member',
  });
  await ann.post('/projects/new/', { name: '=SUM(A1:A9)', description: 'One "quoted", two' });
  await zoe.post('/projects/new/', { name: 'Secret of Globex' });
});
const product = installedFeatures();
afterAll(() => installFeatures(product));
afterAll(() => atrium.stop());

const PATH = '/settings/data/';

async function ready(browser: Browser): Promise<string> {
  for (const started = Date.now(); Date.now() - started < 20_000;) {
    const page = await browser.visit(PATH);
    const link = page.document.querySelector('a[download]')?.getAttribute('href');
    if (link) return link;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The download does not get ready');
}

async function files(zip: Buffer): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const archive = await yauzl.fromBufferPromise(zip);
  for await (const entry of archive.eachEntry()) {
    found[entry.fileName] = (await buffer(await archive.openReadStreamPromise(entry))).toString();
  }
  return found;
}

test('an admin takes the organisation’s data away, and nothing of another’s', async () => {
  expect((await ann.visit(PATH)).text).toContain('No downloads yet');
  expect((await ann.submit(PATH, {})).status).toBe(303);
  const link = await ready(ann);
  const mail = await atrium.mails.expect('ann@acme.example', /data is ready/);
  expect(mail.text).toContain('http://atrium.test/settings/data/');
  expect((await ann.visit('/notifications/')).text).toContain('data is ready; you can download it');
  const answer = await ann.agent.get(link).responseType('blob');
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/zip']);
  expect(answer.headers['content-disposition']).toContain('attachment');
  expect(answer.headers['cache-control']).toBe('no-store');

  const found = await files(answer.body as Buffer);
  const parts = ['activity', 'invitations', 'members', 'projects', 'settings'];
  expect(Object.keys(found)).toEqual(
    expect.arrayContaining([
      'manifest.json',
      ...parts.flatMap((part) => [`${part}.csv`, `${part}.json`]),
    ]),
  );
  const rows = (name: string) =>
    JSON.parse(found[`${name}.json`]!) as Array<Record<string, unknown>>;
  expect(rows('members').map(({ email }) => email)).toEqual([
    'ann@acme.example',
    'bob@acme.example',
  ]);
  expect(rows('invitations')).toMatchObject([{ email: 'guest@acme.example', state: 'pending' }]);
  expect(rows('settings')).toMatchObject([{ organization: 'Acme' }]);
  expect(rows('projects')).toMatchObject([{ name: '=SUM(A1:A9)' }]);
  expect(rows('activity').map(({ action }) => action)).toContain('export.requested');
  expect(rows('activity').find(({ action }) => action === 'export.requested')).toMatchObject({
    actor_name: 'Ann',
    subject_name: 'Acme',
  });
  // What a spreadsheet would work out is a text, and quotes are doubled (RFC 4180).
  expect(found['projects.csv']).toContain(`"'=SUM(A1:A9)","One ""quoted"", two"`);
  expect(found['members.csv']).toMatch(/^\uFEFF"id","display_name","email"/);
  const everything = Object.values(found).join();
  expect(everything).not.toMatch(/globex|Secret of/i);
  expect(everything).not.toMatch(/password_hash|token_hash|\$2b\$/);
});

test('it is for that organisation’s admins alone', async () => {
  const link = await ready(ann);
  expect((await zoe.visit(link)).status).toBe(404);
  const { browser: bob } = await atrium.people.signedIn('bob@acme.example');
  expect((await bob.visit(link)).status).toBe(403);
  expect((await atrium.browser().visit(link)).status).toBe(302);
  expect((await zoe.visit(PATH)).text).toContain('No downloads yet');
});

test('a download that cannot be recorded does not begin, and its file is closed again', async () => {
  const link = await ready(ann);
  const storage = atrium.app.get(ObjectStorage);
  const open = jest.spyOn(storage, 'open');
  await atrium.sql(`CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = '53100'; END $$`);
  await atrium.sql(
    'CREATE TRIGGER no_room BEFORE INSERT ON audit_entry EXECUTE FUNCTION no_room()',
  );
  try {
    expect((await ann.visit(link)).status).toBe(503);
    const file = await open.mock.results[0]!.value;
    expect(file).toMatchObject({ stream: { destroyed: true } });
  } finally {
    await atrium.sql('DROP FUNCTION no_room CASCADE');
    open.mockRestore();
  }
});

test('after its seven days it is gone, and the file with it', async () => {
  const link = await ready(ann);
  await atrium.sql(`UPDATE tenant_export SET expires_at = now() - interval '1 second'`);
  expect((await ann.visit(link)).status).toBe(410);
  expect((await ann.visit(PATH)).text).toContain('Expired');
  await ann.post(PATH, {});
  const keys = await atrium.sql('SELECT storage_key FROM tenant_export WHERE expires_at <= now()');
  expect(keys).toEqual([{ storage_key: null }]);
  expect(await ready(ann)).not.toBe(link);
});

test('while an export is running, no other starts', async () => {
  await atrium.sql(
    `INSERT INTO tenant_export (tenant_id, requested_by_name, state)
     SELECT tenant_id, 'Zoe', 'running' FROM user_profile p JOIN users u ON u.id = p.user_id
     WHERE u.email = 'zoe@globex.example'`,
  );
  const answers = await Promise.all(Array.from({ length: 8 }, () => zoe.post(PATH, {})));
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(303));
  const page = await zoe.visit(PATH);
  expect(page.text).toContain('already being prepared');
  expect(page.document.querySelectorAll('[aria-labelledby="exports-title"] li').length).toBe(1);
  expect(page.document.querySelector('meta[http-equiv="refresh"]')).not.toBeNull();
  await atrium.sql(`DELETE FROM tenant_export WHERE state = 'running'`);
});

test('eight concurrent requests start one export', async () => {
  const exports = atrium.app.get(TenantExportsRepository);
  const tenantId = await atrium.people.tenant('Globex');
  // Without a job, so that none of them is finished before the last one asks.
  const ask = () =>
    runInContext({ tenantId }, () => atrium.app.get(UnitOfWork).run(() => exports.add('Zoe')));
  const ids = await Promise.all(Array.from({ length: 8 }, ask));
  expect(ids.filter(Boolean)).toHaveLength(1);
  await atrium.sql(`UPDATE tenant_export SET state = 'failed' WHERE state = 'pending'`);
  await zoe.post(PATH, {});
  await ready(zoe);
});

async function latest() {
  const rows = await atrium.sql<{
    id: string;
    tenant_id: string;
    state: string;
    parts_done: number;
  }>('SELECT id, tenant_id, state, parts_done FROM tenant_export ORDER BY created_at DESC LIMIT 1');
  return rows[0]!;
}

async function finished(): Promise<void> {
  while ((await latest()).state !== 'ready')
    await new Promise((resolve) => setTimeout(resolve, 50));
}

test('an interrupted export is completed when its job runs again', async () => {
  await zoe.post(PATH, {});
  await finished();
  const { id, tenant_id: tenantId, parts_done } = await latest();
  await atrium.sql(`UPDATE tenant_export SET state = 'running', parts_done = 2 WHERE id = $1`, [
    id,
  ]);
  const job = { exportId: id, email: 'zoe@globex.example' };
  await runInContext({ tenantId }, () =>
    atrium.app.get(UnitOfWork).run(() => atrium.app.get(JobQueue).enqueue('tenant_export', job)),
  );
  await finished();
  expect(parts_done).toBeGreaterThan(2);
  expect(await latest()).toMatchObject({ id, parts_done });
});

test('of two attempts at one export only the latest counts', async () => {
  const [row] = await atrium.sql<{ id: string; tenantId: string }>(
    `UPDATE tenant_export SET state = 'running'
     WHERE id = (SELECT id FROM tenant_export WHERE state = 'ready' ORDER BY created_at LIMIT 1)
     RETURNING id, tenant_id AS "tenantId"`,
  );
  const { id, tenantId } = row!;
  const exports = atrium.app.get(TenantExportsRepository);
  const inTurn = <T>(work: () => Promise<T>) =>
    runInContext({ tenantId }, () => atrium.app.get(UnitOfWork).run(work));
  const first = await inTurn(() => exports.begin(id, 5));
  const second = await inTurn(() => exports.begin(id, 5));
  expect(await inTurn(() => exports.progress(first!, 1))).toBe(false);
  expect(await inTurn(() => exports.finish(first!, 'export/first.zip', 1))).toBe(false);
  expect(await inTurn(() => exports.progress(second!, 1))).toBe(true);
  await inTurn(() => exports.fail(first!));
  expect(await inTurn(() => exports.finish(second!, 'export/second.zip', 1))).toBe(true);
});

test('a finished one leaves a job behind that removes it when its days are over', async () => {
  const jobs = await atrium.sql<{ days: number }>(
    `SELECT round(extract(epoch FROM start_after - created_on) / 86400)::int AS days FROM pgboss.job
     WHERE name = 'tenant_export_expiry'`,
  );
  expect(new Set(jobs.map(({ days }) => days))).toEqual(new Set([7]));
});

test('a large export is streamed, in constant memory', async () => {
  const [rows, bytes] = [40_000, 1_000];
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const samples: number[] = [];
  Volumes.rows = async function* () {
    for (let at = 0; at < rows; at++) {
      if (at % (rows / 4) === 0) samples.push(held());
      yield { text: String(at).padEnd(bytes, '.') };
    }
    samples.push(held());
  };
  installFeatures([...product, volumes]);
  await zoe.post(PATH, {});
  await finished();
  expect(Math.max(...samples) - samples[0]!).toBeLessThan((rows * bytes) / 4);
  const answer = await zoe.agent.get(await ready(zoe)).responseType('blob');
  const { 'manifest.json': manifest } = await files(answer.body as Buffer);
  expect(JSON.parse(manifest!)).toMatchObject({ rows: { volumes: rows } });
});
