import type { Permission } from '../../src/core/features/names.js';
import { apiScopes } from '../../src/core/features/registry.js';
import { newApiKey } from '../../src/api-keys/api-key-secret.js';
import { startApp, type TestApp } from '../support/app.js';
import { Contract } from '../support/contract.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

async function machine(organization: string, scopes: readonly Permission[] = apiScopes()) {
  return atrium.api().showing(await atrium.people.keyOf(organization, scopes));
}

test('an API key acts as its organisation and sees no other', async () => {
  const [acme, globex] = [await machine('Acme'), await machine('Globex')];
  expect((await acme.get('/tenant')).body).toMatchObject({ organization: 'Acme' });
  const renamed = await globex.send('PATCH', '/tenant', { organization: 'Globex NV' });
  expect([renamed.status, renamed.body.organization]).toEqual([200, 'Globex NV']);
  expect((await acme.get('/tenant')).body).toMatchObject({ organization: 'Acme' });
});

test('the actor of a key’s change is the key, in the row and in the trail', async () => {
  const client = await machine('Traced');
  await client.send('PATCH', '/tenant', { organization: 'Traced NV' });
  const [tenant] = await atrium.sql<{ id: string; updated_by: string; key: string; name: string }>(
    `SELECT t.id, t.updated_by, k.id AS key, k.name FROM tenant t JOIN api_key k ON k.tenant_id = t.id
     WHERE t.organization = 'Traced NV'`,
  );
  expect(tenant!.updated_by).toBe(tenant!.key);
  const entries = await atrium.sql(
    'SELECT actor_kind, actor_id, actor_name, action FROM audit_entry WHERE tenant_id = $1',
    [tenant!.id],
  );
  expect(entries).toEqual([
    {
      actor_kind: 'key',
      actor_id: tenant!.key,
      actor_name: tenant!.name,
      action: 'tenant.updated',
    },
  ]);
});

test('the rules about people hold for a key too: an admin always remains', async () => {
  const [ann, ben] = [
    await atrium.people.adminOf('Ruled', 'ann@ruled.test'),
    await atrium.people.adminOf('Ruled', 'ben@ruled.test'),
  ];
  const client = await machine('Ruled', ['members:read', 'members:write']);
  const stranger = await machine('Others', ['members:write']);
  const path = `/members/${ben.profileId}`;
  expect((await stranger.send('PATCH', path, { role: 'member' })).status).toBe(404);
  const demoted = await client.send('PATCH', path, { role: 'member' });
  expect([demoted.status, demoted.body.role]).toEqual([200, 'member']);
  const last = await client.send('PATCH', `/members/${ann.profileId}`, { is_active: false });
  expect([last.status, last.body.detail]).toEqual([409, expect.stringContaining('admin')]);
  const { items } = (await client.get('/members?role=admin')).body;
  expect(items.map(({ email }: { email: string }) => email)).toEqual(['ann@ruled.test']);
});

test('whom a key invites is invited by the organisation', async () => {
  const client = await machine('Hosts', ['invitations:write', 'invitations:read']);
  const email = 'guest@hosts.test';
  const invited = await client.post('/invitations', { email, role: 'member' });
  expect(invited.status).toBe(201);
  expect((await client.get('/invitations')).body.items).toHaveLength(1);
  const link = linkIn(await atrium.mails.expect(email, /Hosts/));
  expect((await atrium.browser().visit(link)).text).toContain('Hosts invites you');
  const token = link.split('/').filter(Boolean).at(-1);
  const joined = await atrium.api().post('/invitations/accept', { token, password: PASSWORD });
  expect(joined.status).toBe(200);
});

test('a request that a key repeats with the same Idempotency-Key is performed once, separately for each key', async () => {
  const [one, other] = [await machine('Repeats'), await machine('Repeats')];
  const headers = { 'idempotency-key': 'same' };
  const first = await one.post('/projects', { name: 'Once' }, headers);
  const again = await one.post('/projects', { name: 'Once' }, headers);
  expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  const another = await other.post('/projects', { name: 'Once' }, headers);
  expect(another.body.id).not.toBe(first.body.id);
});

test('every route refuses a key without its scope, names the scope, and admits a key with it', async () => {
  const contract = await Contract.of(atrium);
  for (const { method, path, security } of contract.routes) {
    const needed = (security as Array<{ apiKey?: [Permission] }> | undefined)?.find(
      ({ apiKey }) => apiKey,
    )?.apiKey?.[0];
    if (!needed) continue;
    const target = path.replace('{id}', '00000000-0000-4000-8000-000000000000');
    const others = apiScopes().filter((scope) => scope !== needed);
    const refused = await (await machine('Scopes', others)).send(method, target);
    expect([method, path, refused.status]).toEqual([method, path, 403]);
    expect(refused.get('www-authenticate')).toBe(
      `Bearer realm="api", error="insufficient_scope", scope="${needed}"`,
    );
    expect(refused.body).toMatchObject({
      type: 'http://atrium.test/problems/insufficient-scope',
      scope: needed,
    });
    const admitted = await (await machine('Scopes', [needed])).send(method, target);
    expect([method, path, admitted.status]).not.toEqual([method, path, 401]);
    expect([method, path, admitted.status]).not.toEqual([method, path, 403]);
    expect(admitted.status).toBeLessThan(500);
  }
});

test('a route that names no scope refuses every key: it is for people', async () => {
  const contract = await Contract.of(atrium);
  const client = await machine('People');
  const open: string[] = [];
  for (const { method, path, security, tags } of contract.routes) {
    if (security?.some((each) => 'apiKey' in each) || tags.includes('Reference')) {
      open.push(path);
      continue;
    }
    if (path.startsWith('/.well-known/')) continue;
    const answer = await client.send(method, path);
    expect([method, path, answer.status, answer.body.type]).toEqual([
      method,
      path,
      403,
      'http://atrium.test/problems/people-only',
    ]);
    expect(answer.get('www-authenticate')).toBeUndefined();
  }
  expect(open).toContain('/api/v1/tenant');
  for (const path of ['/me', '/me/sessions', '/auth/login', '/onboarding/tenant']) {
    expect(open).not.toContain(`/api/v1${path}`);
  }
});

test('public routes admit any key', async () => {
  const client = await machine('Readers', ['members:read']);
  expect((await client.get('/reference/currencies')).status).toBe(200);
});

test('a revoked or expired key, or one of a closed organisation, is refused at once', async () => {
  for (const end of [
    'UPDATE api_key SET revoked_at = now() WHERE tenant_id = $1',
    'UPDATE api_key SET expires_at = now() WHERE tenant_id = $1',
    'UPDATE tenant SET is_active = false WHERE id = $1',
  ]) {
    const organization = end.slice(0, 30);
    const client = await machine(organization);
    expect((await client.get('/tenant')).status).toBe(200);
    await atrium.sql(end, [await atrium.people.tenant(organization)]);
    const answer = await client.get('/tenant');
    expect([end, answer.status]).toEqual([end, 401]);
    expect(answer.get('www-authenticate')).toBe('Bearer realm="api", error="invalid_token"');
    expect(answer.body.detail).toContain('API key');
  }
});

test('an invalid key is refused, whatever its format', async () => {
  const secret = await atrium.people.keyOf('Acme', apiScopes());
  const last = secret.endsWith('a') ? 'b' : 'a';
  for (const forged of [
    'atrium_',
    secret.slice(0, -1),
    secret.slice(0, -1) + last,
    `${secret}x`,
    secret.replace('atrium_', 'ATRIUM_'),
    newApiKey().secret,
  ]) {
    const answer = await atrium.api().showing(forged).get('/tenant');
    expect([forged, answer.status]).toEqual([forged, 401]);
  }
  // A key is accepted neither as a cookie nor on a page.
  const browser = atrium.browser().with('authorization', `Bearer ${secret}`);
  expect((await browser.visit('/dashboard/')).location).toMatch(/^\/login\//);
});

test('the time of a key’s last use is written at most once a minute', async () => {
  const client = await machine('Used');
  const used = async () => {
    const [row] = await atrium.sql<{ at: Date | null }>(
      'SELECT last_used_at AS at FROM api_key WHERE tenant_id = $1',
      [await atrium.people.tenant('Used')],
    );
    return row!.at?.getTime() ?? null;
  };
  const noted = async (before: number | null) => {
    for (let tries = 0; tries < 100; tries++) {
      const now = await used();
      if (now !== before) return now!;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error('It was not noted');
  };
  expect(await used()).toBeNull();
  await client.get('/tenant');
  const first = await noted(null);
  await client.get('/tenant');
  await client.get('/tenant');
  expect(await used()).toBe(first);
  await atrium.sql(`UPDATE api_key SET last_used_at = now() - interval '61 seconds'`);
  const old = await used();
  await client.get('/tenant');
  expect(await noted(old)).toBeGreaterThan(old!);
});

test('a key has a prefix, 256 random bits and a checksum', () => {
  const keys = Array.from({ length: 50 }, () => newApiKey());
  for (const { secret, prefix } of keys) {
    expect(secret).toMatch(/^atrium_[0-9a-z]{8}_[0-9A-Za-z]{49}$/);
    expect(secret.startsWith(`${prefix}_`)).toBe(true);
  }
  expect(new Set(keys.map(({ secret }) => secret)).size).toBe(50);
});
