import { parse } from 'node-html-parser';
import { startApp, type TestApp } from '../support/app.js';
import type { Person } from '../support/people.js';

const PATH = '/settings/api/';
let atrium: TestApp;
let anna: Person;

beforeAll(async () => {
  atrium = await startApp();
  anna = await atrium.people.adminOf('Acme', 'anna@acme.test');
});
afterAll(() => atrium.stop());

async function make(person: Person, values: Record<string, string>) {
  return person.browser.fill(PATH, { scopes: 'tenant:read', lifetime: '90', ...values });
}

test('without keys the page explains them and links to the documentation', async () => {
  const page = await anna.browser.visit(PATH);
  expect(page.text).toContain('No keys yet');
  expect(page.document.querySelector('main a[href="/api/docs/"]')).not.toBeNull();
});

test('a new key is shown once, works, and is listed by its prefix', async () => {
  const page = await make(anna, { name: 'Payroll', scopes: 'tenant:read members:read' });
  expect(page.status).toBe(200);
  expect(page.response.get('cache-control')).toBe('no-store');
  expect(String(page.response.get('set-cookie'))).not.toContain('flash');
  const secret = page.at('#new-key');
  expect((await atrium.api().showing(secret).get('/tenant')).body.organization).toBe('Acme');

  const again = await anna.browser.visit(PATH);
  expect(again.document.querySelector('#new-key')).toBeNull();
  expect(again.response.text).not.toContain(secret);
  expect(again.text).toContain(`${secret.slice(0, 15)}…`);
  expect(again.text).toContain('Read members');
  expect(again.text).toContain('Created by Anna');
  const [row] = await atrium.sql<{ stored: string; days: number }>(
    `SELECT k::text AS stored, round(extract(epoch FROM expires_at - created_at) / 86400)::int AS days
     FROM api_key k WHERE name = 'Payroll'`,
  );
  expect(row!.days).toBe(90);
  expect(row!.stored).not.toContain(secret.slice(16));
});

test('a new key comes with a request that it may send, and the way to the documentation', async () => {
  const page = await make(anna, { name: 'Tried', scopes: 'members:read members:write' });
  const secret = page.at('#new-key');
  const shown = page.document.querySelector('.notice pre')!.textContent;
  const curl = parse(shown).textContent;
  expect(curl).toContain("curl 'http://atrium.test/api/v1/members'");
  expect(curl).toContain(`-H "Authorization: Bearer ${secret}"`);
  expect(page.document.querySelector('.notice a[href="/api/docs/"]')).not.toBeNull();
  // Of what may only be changed, the request changes something: nothing is sent by itself.
  const writer = await make(anna, { name: 'Writer', scopes: 'invitations:write' });
  const request = parse(writer.document.querySelector('.notice pre')!.textContent).textContent;
  expect(request).toContain("curl 'http://atrium.test/api/v1/invitations'");
  expect(request).toContain('-d ');
});

test('a form that is sent twice makes one key', async () => {
  await make(anna, { name: 'Twice' });
  const second = await make(anna, { name: 'twice' });
  expect(second.status).toBe(422);
  expect(second.errorOf('name')).toContain('already a key with this name');
  expect(second.document.querySelector('#new-key')).toBeNull();
});

test('a refused form names the errors and keeps the choices', async () => {
  const nameless = await make(anna, { name: ' ', scopes: 'members:read' });
  expect(nameless.status).toBe(422);
  expect(nameless.errorOf('name')).toContain('Fill in this field.');
  const chosen = nameless.document.querySelectorAll('[name=scopes][checked]');
  expect(chosen.map((box) => box.getAttribute('value'))).toEqual(['members:read']);
  const powerless = await make(anna, { name: 'Powerless', scopes: '' });
  expect(powerless.status).toBe(422);
  expect(powerless.at('#scopes-error')).toContain('at least one');
  expect((await make(anna, { name: 'Odd', scopes: 'everything' })).status).toBe(422);
  expect((await make(anna, { name: 'Odd', lifetime: '3650' })).status).toBe(422);
});

test('a revoked key is refused from the next request on; creation and revocation are recorded', async () => {
  const page = await make(anna, { name: 'Short-lived', lifetime: 'unlimited' });
  const client = atrium.api().showing(page.at('#new-key'));
  expect((await client.get('/tenant')).status).toBe(200);
  const dialog = page.document
    .querySelectorAll('dialog')
    .find((each) => each.textContent.includes('Short-lived'))!;
  const action = dialog.querySelector('form')!.getAttribute('action')!;
  const revoked = await anna.browser.submit(action, {});
  expect([revoked.status, revoked.location]).toEqual([303, PATH]);
  expect((await client.get('/tenant')).status).toBe(401);
  expect((await anna.browser.follow(revoked)).text).toContain('“Short-lived” is revoked');

  const entries = await atrium.sql<{ action: string; changes: unknown }>(
    `SELECT action, actor_kind, actor_id, changes FROM audit_entry
     WHERE subject_kind = 'api_key' AND subject_name = 'Short-lived' ORDER BY position`,
  );
  expect(entries).toEqual([
    expect.objectContaining({ action: 'api_key.created', actor_id: anna.userId }),
    expect.objectContaining({ action: 'api_key.revoked', actor_id: anna.userId, changes: null }),
  ]);
  expect(entries[0]!.changes).toEqual({
    scopes: { from: null, to: ['tenant:read'] },
    expires_at: { from: null, to: null },
  });
  // The name is free again.
  expect((await make(anna, { name: 'Short-lived' })).status).toBe(200);
});

test('a key keeps working after its creator has left', async () => {
  const bea = await atrium.people.adminOf('Acme', 'bea@acme.test');
  const secret = (await make(bea, { name: 'Of Bea' })).at('#new-key');
  await anna.browser.visit('/settings/users/');
  await anna.browser.post('/settings/users/', { action: 'deactivate', profile_id: bea.profileId });
  expect((await bea.browser.visit(PATH)).status).toBe(302);
  expect((await atrium.api().showing(secret).get('/tenant')).status).toBe(200);
});

test('members have no such page, and nobody revokes a key of another organisation', async () => {
  const member = await atrium.people.memberOf('Acme', 'mem@acme.test');
  expect((await member.browser.visit(PATH)).status).toBe(403);
  const [key] = await atrium.sql<{ id: string }>('SELECT id FROM api_key WHERE revoked_at IS NULL');
  const stranger = await atrium.people.adminOf('Globex', 'gil@globex.test');
  expect((await stranger.browser.visit(PATH)).text).toContain('No keys yet');
  expect((await stranger.browser.post(`${PATH}${key!.id}/revoke/`)).status).toBe(404);
  expect((await member.browser.post(`${PATH}${key!.id}/revoke/`)).status).toBe(403);
});

test('an organisation has at most fifty keys', async () => {
  const rich = await atrium.people.adminOf('Rich', 'rich@rich.test');
  await atrium.sql(
    `INSERT INTO api_key (tenant_id, name, prefix, key_hash, scopes)
     SELECT $1, n, 'atrium_x', sha256(n::text::bytea), '{tenant:read}' FROM generate_series(1, 50) n`,
    [rich.tenantId],
  );
  const refused = await make(rich, { name: 'One more' });
  expect([refused.status, refused.at('[role=alert]')]).toEqual([
    422,
    expect.stringContaining('at most 50 keys'),
  ]);
});

test('a permission that is for people only is never given to a key', async () => {
  const anna = await atrium.people.adminOf('People only', 'anna@people-only.example');
  const scopes = ['members:read', 'api_keys:write'];
  const refused = await anna.browser.fill('/settings/api/', {
    name: 'Too much',
    scopes: scopes.join(' '),
  });
  expect(refused.status).toBe(422);
  const [{ count } = { count: -1 }] = await atrium.sql<{ count: number }>(
    `SELECT count(*)::int AS count FROM api_key WHERE name = 'Too much'`,
  );
  expect(count).toBe(0);
});
