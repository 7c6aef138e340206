import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInScope } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { ExportWorker } from '../../src/exports/export.worker.js';
import { ExportsRepository } from '../../src/exports/exports.repository.js';
import { TenantData } from '../../src/tenants/tenant-data.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Browser, Sight } from '../support/browser.js';
import { linkIn } from '../support/mailbox.js';
import type { Person } from '../support/people.js';
import { unzip } from '../support/zip.js';

const PAGE = '/settings/data/';
const folder = mkdtempSync(join(tmpdir(), 'atrium-exports-'));
let atrium: TestApp;
let ann: Person;
let bob: Person;

/** What the last part of every export does: a test may hold it up, or have it fail. */
let lastPart: () => Promise<void> = () => Promise.resolve();

beforeAll(async () => {
  atrium = await startApp({ DATA_DIR: folder });
  ann = await atrium.people.adminOf('Acme', 'ann@acme.example');
  bob = await atrium.people.adminOf('Globex', 'bob@globex.example');
  atrium.app.get(TenantData).add({
    name: 'zz-last',
    columns: ['n'],
    async *rows() {
      await lastPart();
      yield { n: 1 };
    },
  });
});
beforeEach(() => void (lastPart = () => Promise.resolve()));
afterAll(async () => {
  await atrium.stop();
  rmSync(folder, { recursive: true, force: true });
});

const soon = () => new Promise((resolve) => setTimeout(resolve, 30));

/** What is kept of exports on the disk. */
function kept(): string[] {
  return readdirSync(join(folder, 'uploads', 'export'));
}

async function download(browser: Browser, id: string) {
  return browser.agent
    .get(`${PAGE}${id}/download/`)
    .redirects(0)
    .ok(() => true)
    .buffer(true)
    .parse((res, done) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => done(null, Buffer.concat(chunks)));
    });
}

async function filesOf(browser: Browser, id: string): Promise<Map<string, Buffer>> {
  const { status, body } = await download(browser, id);
  expect(status).toBe(200);
  return unzip(body as Buffer);
}

function rowsIn(files: Map<string, Buffer>, name: string): Array<Record<string, unknown>> {
  return JSON.parse(files.get(`${name}.json`)!.toString()) as Array<Record<string, unknown>>;
}

/** An export somebody asked for whose job has not begun; the tests are the worker. */
async function waiting(person: Person): Promise<string> {
  const id = await as(person, () => atrium.app.get(ExportsRepository).start('Ann', 1));
  return id!;
}

function as<T>(person: Person, work: () => Promise<T>): Promise<T> {
  const { tenantId, userId: actorId } = person;
  return runInScope({ tenantId, actorId }, () => atrium.app.get(UnitOfWork).run(work));
}

function make({ tenantId, email }: Person, exportId: string): Promise<void> {
  const worker = atrium.app.get(ExportWorker);
  return runInScope({ tenantId }, () => worker.make({ exportId, email, name: 'Ann' }));
}

async function stateOf(id: string): Promise<string> {
  const [row] = await atrium.sql<{ state: string }>(
    'SELECT state FROM tenant_export WHERE id = $1',
    [id],
  );
  return row!.state;
}

async function ready(person: Person): Promise<string> {
  const id = await waiting(person);
  await make(person, id);
  return id;
}

function idOf(sight: Sight): string {
  return sight.document.querySelector('[data-export]')!.getAttribute('data-export')!;
}

describe('An admin', () => {
  it('asks for the data, sees it being prepared, and downloads it from the page a mail leads to', async () => {
    let open = () => {};
    lastPart = () => new Promise((resolve) => (open = resolve));
    const carla = await atrium.people.adminOf('Cyan', 'carla@cyan.example');
    expect((await carla.browser.visit(PAGE)).text).toContain('Prepare a download');
    expect((await carla.browser.submit(PAGE)).location).toBe(PAGE);
    const busy = await carla.browser.visit(PAGE);
    expect(busy.text).toContain('In preparation');
    expect(busy.document.querySelector('head noscript')?.innerHTML).toContain('refresh');
    expect(busy.document.querySelector('form[action="/settings/data/"]')).toBeNull();
    while (!(await carla.browser.visit(PAGE)).text.includes('5 of 6 parts')) await soon();
    open();
    const mail = await atrium.mails.expect('carla@cyan.example', /data of Cyan is ready/);
    const page = await carla.browser.visit(linkIn(mail));
    expect(page.text).toContain('Ready');
    expect(page.text).toContain('Requested by Carla');
    expect(page.document.querySelector('noscript')).toBeNull();
    // Every part of the product says what it is; this one is of the test.
    expect(page.text.match(/exports\.parts\.[\w-]+/g)).toEqual(['exports.parts.zz-last']);
    const { status, headers } = await download(carla.browser, idOf(page));
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': expect.stringMatching(
        /^attachment; filename="data-\d{4}-\d\d-\d\d\.zip"$/,
      ),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    const actions = await atrium.sql(
      `SELECT action FROM audit_entry WHERE tenant_id = $1 AND action LIKE 'export.%' ORDER BY at`,
      [carla.tenantId],
    );
    expect(actions).toEqual([{ action: 'export.requested' }, { action: 'export.downloaded' }]);
  });

  it('can have one prepared at a time, also when many ask at once', async () => {
    let open = () => {};
    lastPart = () => new Promise((resolve) => (open = resolve));
    const dora = await atrium.people.adminOf('Dune', 'dora@dune.example');
    await dora.browser.visit(PAGE);
    const answers = await Promise.all(Array.from({ length: 8 }, () => dora.browser.submit(PAGE)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([303, ...Array<number>(7).fill(422)]);
    const refused = answers.find(({ status }) => status === 422)!;
    expect(refused.at('[role="alert"]')).toContain('A download is being prepared already');
    const [row] = await atrium.sql(
      'SELECT count(*)::int AS n FROM tenant_export WHERE tenant_id = $1',
      [dora.tenantId],
    );
    expect(row).toEqual({ n: 1 });
    while ((await stateOf(idOf(await dora.browser.visit(PAGE)))) !== 'ready') open();
    expect((await dora.browser.fill(PAGE)).status).toBe(303);
    while ((await stateOf(idOf(await dora.browser.visit(PAGE)))) !== 'ready') open();
  });
});

describe('The file', () => {
  it('holds every part as JSON and as CSV, and says what is in it', async () => {
    await ann.browser.fill('/projects/new/', {
      name: '=HYPERLINK("x")',
      description: 'Zeile 1\nZeile 2',
    });
    await atrium.sql(
      `WITH made AS (INSERT INTO users (email) SELECT 'm' || n || '@acme.example'
         FROM generate_series(1, 1201) n RETURNING id)
       INSERT INTO user_profile (user_id, display_name, tenant_id, role, tenant_joined_at)
       SELECT id, 'Zoë, "Z"', $1, 'member', now() FROM made`,
      [ann.tenantId],
    );
    const files = await filesOf(ann.browser, await ready(ann));
    const parts = ['activity', 'invitations', 'members', 'projects', 'settings', 'zz-last'];
    expect([...files.keys()].sort()).toEqual(
      [...parts.flatMap((part) => [`${part}.csv`, `${part}.json`]), 'manifest.json'].sort(),
    );
    const members = rowsIn(files, 'members');
    expect(members).toHaveLength(1202);
    expect(members.find(({ email }) => email === 'ann@acme.example')).toMatchObject({
      id: ann.profileId,
      display_name: 'Ann',
      role: 'admin',
      is_active: true,
    });
    expect(new Set(members.map(({ id }) => id)).size).toBe(1202);
    const csv = files.get('members.csv')!.toString();
    expect(csv.startsWith('\uFEFF"id","email","display_name","role",')).toBe(true);
    expect(csv.split('\r\n')).toHaveLength(1204);
    expect(csv).toContain('"Zoë, ""Z"""');
    expect(rowsIn(files, 'projects')).toMatchObject([
      { name: '=HYPERLINK("x")', description: 'Zeile 1\nZeile 2', status: 'planned' },
    ]);
    // A spreadsheet would work a formula out.
    expect(files.get('projects.csv')!.toString()).toContain(`"'=HYPERLINK(""x"")"`);
    expect(rowsIn(files, 'settings')).toMatchObject([{ organization: 'Acme' }]);
    const actions = rowsIn(files, 'activity').map(({ action }) => action);
    expect(actions).toContain('project.created');
    const manifest = JSON.parse(files.get('manifest.json')!.toString()) as Record<string, unknown>;
    expect(manifest).toMatchObject({ format: 1, organization: 'Acme' });
    expect(manifest.parts).toContainEqual(
      expect.objectContaining({
        name: 'members',
        rows: 1202,
        files: ['members.json', 'members.csv'],
      }),
    );
  });

  it('holds no secret, and nothing of another organisation', async () => {
    await bob.browser.fill('/projects/new/', { name: 'Doomsday device' });
    await bob.browser.visit('/settings/users/');
    await bob.browser.submit('/settings/users/', { email: 'guest@globex.example' });
    await ann.browser.visit('/settings/users/');
    await ann.browser.submit('/settings/users/', { email: 'guest@acme.example' });
    const files = await filesOf(ann.browser, await ready(ann));
    const all = [...files.values()].map(String).join('\n');
    expect(all).toContain('guest@acme.example');
    const foreign = await atrium.sql<{ text: string }>(
      `SELECT unnest(ARRAY[p.id::text, p.user_id::text, u.email, p.tenant_id::text]) AS text
       FROM user_profile p JOIN users u ON u.id = p.user_id WHERE p.tenant_id <> $1`,
      [ann.tenantId],
    );
    expect(foreign.length).toBeGreaterThan(4);
    for (const { text } of [
      ...foreign,
      { text: 'Doomsday' },
      { text: 'Globex' },
      { text: 'guest@globex' },
    ])
      expect(all).not.toContain(text);
    const secrets = await atrium.sql<{ text: string | null }>(
      `SELECT password_hash AS text FROM users
       UNION ALL SELECT encode(token_hash, 'hex') FROM invitation
       UNION ALL SELECT encode(token_hash, 'base64') FROM invitation
       UNION ALL SELECT encode(token_hash, 'hex') FROM session`,
    );
    for (const { text } of secrets.filter((each) => each.text)) expect(all).not.toContain(text);
    expect(all).not.toMatch(/password|token|hash|secret/i);
  });

  it('is for the admins of its organisation and for nobody else', async () => {
    const id = await ready(ann);
    expect((await download(bob.browser, id)).status).toBe(404);
    const member = await atrium.people.memberOf('Acme', 'mia@acme.example');
    expect((await download(member.browser, id)).status).toBe(403);
    expect((await member.browser.visit(PAGE)).status).toBe(403);
    const stranger = await download(atrium.browser(), id);
    expect(stranger.get('location')).toMatch(/^\/login\//);
    expect((await bob.browser.visit(PAGE)).response.text).not.toContain(id);
    expect((await download(ann.browser, 'nonsense')).status).toBe(404);
    // Nor under the address pictures have.
    const [row] = await atrium.sql<{ key: string }>(
      'SELECT storage_key AS key FROM tenant_export WHERE id = $1',
      [id],
    );
    expect((await ann.browser.visit(`/media/${row!.key}`)).status).toBe(404);
  });

  it('can be had for seven days; then it is gone, from the disk as well', async () => {
    const id = await ready(ann);
    const [row] = await atrium.sql<{ days: number; key: string }>(
      `SELECT extract(epoch FROM expires_at - finished_at) / 86400 AS days, storage_key AS key
       FROM tenant_export WHERE id = $1`,
      [id],
    );
    expect(Number(row!.days)).toBe(7);
    const [job] = await atrium.sql<{ days: number }>(
      `SELECT extract(epoch FROM start_after - now()) / 86400 AS days FROM pgboss.job
       WHERE name = 'tenant_export_expiry' ORDER BY created_on DESC LIMIT 1`,
    );
    expect(Math.round(Number(job!.days))).toBe(7);
    await atrium.sql(`UPDATE tenant_export SET expires_at = now() WHERE id = $1`, [id]);
    const late = await download(ann.browser, id);
    expect(late.status).toBe(410);
    expect(String(late.body)).toContain('This is no longer here');
    expect((await ann.browser.visit(PAGE)).at(`[data-export="${id}"]`)).toContain('Expired');
    expect(kept()).toContain(row!.key.split('/')[1]);
    await runInScope({ tenantId: bob.tenantId }, () => atrium.app.get(ExportWorker).expire());
    expect(kept()).toContain(row!.key.split('/')[1]);
    await runInScope({ tenantId: ann.tenantId }, () => atrium.app.get(ExportWorker).expire());
    expect(kept()).not.toContain(row!.key.split('/')[1]);
    expect((await download(ann.browser, id)).status).toBe(410);
  });
});

describe('The job', () => {
  it('begins anew when whoever did it has died, and leaves no half file behind', async () => {
    const id = await waiting(ann);
    const before = kept();
    const dead = await as(ann, () =>
      atrium.app.get(ExportsRepository).claim(id, `export/${'0'.repeat(32)}.zip`, 6),
    );
    // As long as somebody may be at it, nobody else is.
    await expect(make(ann, id)).rejects.toThrow('Somebody else');
    expect((await download(ann.browser, id)).status).toBe(404);
    await atrium.sql(
      `UPDATE tenant_export SET seen_at = now() - interval '2 minutes' WHERE id = $1`,
      [id],
    );
    await make(ann, id);
    expect(rowsIn(await filesOf(ann.browser, id), 'settings')).toHaveLength(1);
    // The dead one comes back: it has nothing to say any more.
    expect(await as(ann, () => atrium.app.get(ExportsRepository).finish(dead!, 1, 1))).toBe(false);
    expect(kept()).toHaveLength(before.length + 1);
    // Done is done.
    await make(ann, id);
    expect(kept()).toHaveLength(before.length + 1);
  });

  it('is done by one of two who begin at once', async () => {
    const id = await waiting(ann);
    const before = kept().length;
    const ends = await Promise.allSettled([make(ann, id), make(ann, id)]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await stateOf(id)).toBe('ready');
    expect(kept()).toHaveLength(before + 1);
  });

  it('lets go when somebody else has taken the work up', async () => {
    const id = await waiting(ann);
    const before = kept();
    lastPart = async () =>
      void (await atrium.sql('UPDATE tenant_export SET attempt = attempt + 1 WHERE id = $1', [id]));
    await make(ann, id);
    expect(await stateOf(id)).toBe('running');
    expect(kept()).toEqual(before);
    await atrium.sql(`UPDATE tenant_export SET state = 'failed' WHERE id = $1`, [id]);
  });

  it('is given up after four failures, and may be asked for again', async () => {
    const id = await waiting(ann);
    const before = kept();
    lastPart = () => Promise.reject(new Error('the disk is full'));
    for (let n = 0; n < 3; n++) await expect(make(ann, id)).rejects.toThrow('disk is full');
    expect(await stateOf(id)).toBe('pending');
    await make(ann, id);
    expect(await stateOf(id)).toBe('failed');
    expect((await ann.browser.visit(PAGE)).at(`[data-export="${id}"]`)).toContain('Failed');
    expect(kept()).toEqual(before);
    lastPart = () => Promise.resolve();
    expect(await stateOf(await ready(ann))).toBe('ready');
  });
});
