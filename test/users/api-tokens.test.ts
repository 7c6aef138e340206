import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPublicKey, sign, verify, type JsonWebKey } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { AuditTrail } from '../../src/audit/audit-trail.service.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { SigningKeysRepository } from '../../src/users/access-tokens/signing-keys.repository.js';
import { SigningKeys } from '../../src/users/access-tokens/signing-keys.js';
import { ApiClient, type Tokens } from '../support/api.js';
import { startApp, type TestApp } from '../support/app.js';
import { linkIn } from '../support/mailbox.js';
import { PASSWORD } from '../support/people.js';

let atrium: TestApp;
beforeAll(async () => void (atrium = await startApp()));
afterAll(() => atrium.stop());

let count = 0;
const address = () => `client${++count}@acme.example`;

async function member(email = address()) {
  await atrium.people.memberOf('Acme', email);
  return atrium.api().login(email, PASSWORD);
}

function partsOf(token: string) {
  const [header, claims] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  return { header, claims };
}

test('somebody registers with a client and is told what to do next', async () => {
  const client = atrium.api();
  const email = address();
  const registered = await client.post('/auth/register', { email, password: PASSWORD });
  expect(registered.status).toBe(201);
  expect(registered.body).toEqual({
    access_token: expect.any(String),
    token_type: 'Bearer',
    expires_in: 600,
    refresh_token: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(registered.get('cache-control')).toBe('no-store');
  expect(registered.get('set-cookie')).toBeUndefined();

  client.tokens = registered.body;
  const me = await client.get('/me');
  expect(me.body).toMatchObject({ email, tenant: null, onboarding: { next_step: 'profile' } });
});

test('an access token says who, which session and which organisation, for ten minutes', async () => {
  const email = address();
  const person = await atrium.people.memberOf('Acme', email);
  const { tokens } = await atrium.api().login(email, PASSWORD);
  const { header, claims } = partsOf(tokens!.access_token);
  expect(header).toMatchObject({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
  expect(claims).toMatchObject({
    sub: person.userId,
    tid: person.tenantId,
    iss: 'http://atrium.test',
    aud: 'http://atrium.test/api',
  });
  expect(claims.exp - claims.iat).toBe(600);
  const [session] = await atrium.sql<{ kind: string }>('SELECT kind FROM session WHERE id = $1', [
    claims.sid,
  ]);
  expect(session).toEqual({ kind: 'api' });
});

test('anyone can verify a token with the published keys, which hold nothing secret', async () => {
  const { tokens } = await member();
  const { body } = await atrium.api().get('/.well-known/jwks.json');
  const { header } = partsOf(tokens!.access_token);
  const jwk = (body.keys as JsonWebKey[]).find(({ kid }) => kid === header.kid)!;
  expect(Object.keys(jwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  const [signed, signature] = tokens!.access_token.split(/\.(?=[^.]*$)/) as [string, string];
  const key = {
    key: createPublicKey({ key: jwk, format: 'jwk' }),
    dsaEncoding: 'ieee-p1363' as const,
  };
  expect(verify('sha256', Buffer.from(signed), key, Buffer.from(signature, 'base64url'))).toBe(
    true,
  );
});

test('keys are changed without signing anyone out, and a copy of the database signs nothing', async () => {
  const client = await member();
  const before = partsOf(client.tokens!.access_token).header.kid;
  await atrium.app.get(SigningKeys).rotate();
  expect((await client.get('/me')).status).toBe(200);
  const after = await member();
  expect(partsOf(after.tokens!.access_token).header.kid).not.toBe(before);
  expect((await after.get('/me')).status).toBe(200);

  await atrium.sql(`UPDATE signing_key SET retired_at = now() - interval '2 hours' WHERE id = $1`, [
    before,
  ]);
  await atrium.app.get(SigningKeys).rotate();
  expect((await client.get('/me')).status).toBe(401);

  const rows = await atrium.sql<{ private_key: Buffer }>('SELECT private_key FROM signing_key');
  for (const row of rows)
    expect(row.private_key.includes(Buffer.from('2a8648ce3d', 'hex'))).toBe(false);
});

test('two replicas go on with each other’s tokens when one of them changes the key', async () => {
  const replica = await atrium.replica();
  try {
    const there = new ApiClient(replica.server);
    const client = await member();
    there.tokens = client.tokens;
    expect((await there.get('/me')).status).toBe(200);

    const kid = await replica.app.get(SigningKeys).rotate();
    await atrium.people.memberOf('Acme', 'after@acme.example');
    await there.login('after@acme.example', PASSWORD);
    expect(partsOf(there.tokens!.access_token).header.kid).toBe(kid);
    const here = atrium.api();
    here.tokens = there.tokens;
    expect((await here.get('/me')).status).toBe(200);
    there.tokens = client.tokens;
    for (const old of [client, there]) expect((await old.get('/me')).status).toBe(200);

    const before = partsOf(client.tokens!.access_token).header.kid;
    for (const each of [atrium.api(), new ApiClient(replica.server)]) {
      const { body } = await each.get('/.well-known/jwks.json');
      const kids = (body.keys as JsonWebKey[]).map((key) => key.kid);
      expect(kids).toEqual(expect.arrayContaining([kid, before]));
    }
    const entries = await atrium.sql(
      `SELECT tenant_id, actor_kind FROM audit_entry
       WHERE action = 'signing_key.rotated' AND subject_id = $1`,
      [kid],
    );
    expect(entries).toEqual([{ tenant_id: null, actor_kind: 'system' }]);
  } finally {
    await replica.stop();
  }
});

test('a refresh token is good for one exchange', async () => {
  const client = await member();
  const first = client.tokens!;
  const refreshed = await client.post('/auth/refresh', { refresh_token: first.refresh_token });
  expect(refreshed.status).toBe(200);
  const second = refreshed.body as Tokens;
  expect(second.refresh_token).not.toBe(first.refresh_token);
  client.tokens = second;
  expect((await client.get('/me')).status).toBe(200);
  // The access token before still names the same session.
  client.tokens = first;
  expect((await client.get('/me')).status).toBe(200);
});

test('a refresh token used twice ends the session, however long ago it was spent', async () => {
  const client = await member();
  const first = client.tokens!.refresh_token;
  for (let turn = 0; turn < 3; turn++) {
    const { refresh_token } = client.tokens!;
    client.tokens = (await client.post('/auth/refresh', { refresh_token })).body as Tokens;
  }
  const reused = await atrium.api().post('/auth/refresh', { refresh_token: first });
  expect(reused.status).toBe(401);
  expect(reused.get('content-type')).toContain('application/problem+json');
  expect((await client.get('/me')).status).toBe(401);
  const { refresh_token } = client.tokens!;
  expect((await client.post('/auth/refresh', { refresh_token })).status).toBe(401);
});

test('a refresh token used again the moment after ends the session it was exchanged for', async () => {
  const client = await member();
  const { refresh_token } = client.tokens!;
  const next = (await client.post('/auth/refresh', { refresh_token })).body as Tokens;
  expect((await atrium.api().post('/auth/refresh', { refresh_token })).status).toBe(401);
  client.tokens = next;
  expect((await client.get('/me')).status).toBe(401);
  const again = await client.post('/auth/refresh', { refresh_token: next.refresh_token });
  expect(again.status).toBe(401);
});

/** Sends the head of so many refreshes, and gives back what sends their body once all have come in. */
async function refreshesUnderWay(count: number, refresh_token: string) {
  const { port } = atrium.server.address() as AddressInfo;
  let cameIn = 0;
  const note = () => void cameIn++;
  atrium.server.on('request', note);
  const path = '/api/v1/auth/refresh';
  const requests = Array.from({ length: count }, () => {
    const headers = { 'content-type': 'application/json' };
    const sent = request({ port, path, method: 'POST', headers });
    sent.flushHeaders();
    return sent;
  });
  await allCame(count, () => cameIn);
  atrium.server.off('request', note);
  return () =>
    Promise.all(
      requests.map(async (sent) => {
        sent.end(JSON.stringify({ refresh_token }));
        const [answer] = (await once(sent, 'response')) as [IncomingMessage];
        const body = (await answer.toArray()).join('');
        return { status: answer.statusCode, body: JSON.parse(body) as Tokens };
      }),
    );
}

test('of eight exchanges at once one succeeds, and the others do not end what it began', async () => {
  const client = await member();
  const send = await refreshesUnderWay(8, client.tokens!.refresh_token);
  const answers = await send();
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(7);
  client.tokens = won[0]!.body;
  expect((await client.get('/me')).status).toBe(200);
  const { refresh_token } = client.tokens;
  expect((await client.post('/auth/refresh', { refresh_token })).status).toBe(200);
});

test('whoever holds a request back to look like one of several at once ends the session', async () => {
  const client = await member();
  const { refresh_token } = client.tokens!;
  const send = await refreshesUnderWay(1, refresh_token);
  client.tokens = (await client.post('/auth/refresh', { refresh_token })).body as Tokens;
  await atrium.sql(`UPDATE spent_token SET spent_at = spent_at - interval '10 seconds'`);
  expect((await send())[0]!.status).toBe(401);
  expect((await client.get('/me')).status).toBe(401);
});

test('of eight exchanges of one refresh token at once, at most one succeeds', async () => {
  for (let round = 0; round < 5; round++) {
    const { tokens } = await member();
    const { refresh_token } = tokens!;
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => atrium.api().post('/auth/refresh', { refresh_token })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(1);
    expect(statuses.filter((status) => ![200, 401].includes(status))).toEqual([]);
  }
});

test('after logout the very next request is refused', async () => {
  const client = await member();
  expect((await client.post('/auth/logout')).status).toBe(204);
  const next = await client.get('/me');
  expect(next.status).toBe(401);
  expect(next.get('www-authenticate')).toBe('Bearer realm="api", error="invalid_token"');
  expect(next.body).toMatchObject({ status: 401, title: 'Not logged in', instance: '/api/v1/me' });
  const { refresh_token } = client.tokens!;
  expect((await client.post('/auth/refresh', { refresh_token })).status).toBe(401);
});

test('after a reset of the password the very next request is refused', async () => {
  const email = address();
  const client = await member(email);
  expect((await atrium.api().post('/auth/password-reset', { email })).status).toBe(202);
  const unknown = await atrium.api().post('/auth/password-reset', { email: 'nobody@acme.example' });
  expect([unknown.status, unknown.text]).toEqual([202, '']);

  const link = linkIn(await atrium.mails.expect(email, /password/i));
  const token = link.split('/').filter(Boolean).at(-1);
  const weak = await atrium.api().post('/auth/password-reset/confirm', { token, password: '1' });
  expect([weak.status, weak.body.errors[0].pointer]).toEqual([422, '/password']);
  const body = { token, password: 'another lantern orbit' };
  expect((await atrium.api().post('/auth/password-reset/confirm', body)).status).toBe(204);
  expect((await client.get('/me')).status).toBe(401);
  expect((await atrium.api().post('/auth/password-reset/confirm', body)).status).toBe(410);
  await atrium.api().login(email, 'another lantern orbit');
});

test('after a change of password the very next request of another client is refused', async () => {
  const email = address();
  const [one, other] = [await member(email), await atrium.api().login(email, PASSWORD)];
  const body = { current_password: PASSWORD, new_password: 'another lantern orbit' };
  expect((await one.send('PUT', '/me/password', body)).status).toBe(204);
  expect((await other.get('/me')).status).toBe(401);
  expect((await one.get('/me')).status).toBe(200);
});

test('after a deactivation by an admin the very next request is refused', async () => {
  const email = address();
  const client = await member(email);
  const admin = await atrium.people.adminOf('Acme', address());
  const boss = await atrium.api().login(admin.email, PASSWORD);
  const { items } = (await boss.get(`/members?q=${email}`)).body;
  const ended = await boss.send('PATCH', `/members/${items[0].id}`, { is_active: false });
  expect([ended.status, ended.body.is_active]).toEqual([200, false]);
  expect((await client.get('/me')).status).toBe(401);
  const { refresh_token } = client.tokens!;
  expect((await client.post('/auth/refresh', { refresh_token })).status).toBe(401);
});

test('after somebody closed their account the very next request of a client is refused', async () => {
  const email = address();
  const { browser } = await atrium.people.memberOf('Acme', email);
  const client = await atrium.api().login(email, PASSWORD);
  await browser.visit('/profile/data/');
  const closed = await browser.submit('/profile/deactivate/', { password: PASSWORD });
  expect(closed.status).toBe(303);
  expect((await client.get('/me')).status).toBe(401);
});

test('people see their clients by the name these give themselves', async () => {
  const email = address();
  const { browser } = await atrium.people.memberOf('Acme', email);
  await atrium.api().with('user-agent', 'curl/8.5.0').login(email, PASSWORD);
  const nameless = await atrium.api().with('user-agent', '').login(email, PASSWORD);
  const page = (await browser.visit('/profile/security/')).text;
  expect(page).toContain('API client: curl 8.5.0');
  expect(page).toMatch(/API client (?!:)/);
  const { items } = (await nameless.get('/me/sessions')).body;
  expect(items).toContainEqual(
    expect.objectContaining({
      ...{ kind: 'api', program: 'curl 8.5.0', browser: null, methods: ['password'] },
    }),
  );
});

test('a deactivated user is nobody at once', async () => {
  const email = address();
  const client = await member(email);
  await atrium.sql('UPDATE users SET is_active = false WHERE email = $1', [email]);
  expect((await client.get('/me')).status).toBe(401);
  const { refresh_token } = client.tokens!;
  expect((await client.post('/auth/refresh', { refresh_token })).status).toBe(401);
});

test('a wrong password and an unknown address get the same answer', async () => {
  const email = address();
  await member(email);
  const wrong = await atrium.api().post('/auth/login', { email, password: 'not this one' });
  const unknown = await atrium.api().post('/auth/login', { email: address(), password: PASSWORD });
  expect(wrong.status).toBe(401);
  expect(wrong.get('www-authenticate')).toBe('Bearer realm="api"');
  expect(unknown.body).toEqual(wrong.body);
});

test('the API reads no cookie, whatever the case of its address, and pages read no bearer', async () => {
  const email = address();
  const person = await atrium.people.memberOf('Acme', email);
  for (const path of ['/api/v1/me', '/API/v1/me', '/Api/V1/Me']) {
    const answer = await person.browser.visit(path);
    expect([path, answer.status]).toEqual([path, 401]);
    expect(answer.response.get('www-authenticate')).toBe('Bearer realm="api"');
  }
  const client = await atrium.api().login(email, PASSWORD);
  const { tokens } = client;
  const browser = atrium.browser().with('authorization', `Bearer ${tokens!.access_token}`);
  expect((await browser.visit('/dashboard/')).location).toMatch(/^\/login\//);
});

test('a token that was good a moment ago is refused once its time is over', async () => {
  const client = await member();
  const { header, claims } = partsOf(client.tokens!.access_token);
  const exp = Math.floor(Date.now() / 1000) + 2;
  client.tokens!.access_token = await signed(header, { ...claims, exp });
  expect([(await client.get('/me')).status, (await client.get('/me')).status]).toEqual([200, 200]);
  await pause((exp + 1) * 1000 - Date.now());
  expect((await client.get('/me')).status).toBe(401);
});

/** A token of these parts, signed with the present key. */
async function signed(header: object, claims: object): Promise<string> {
  const { key } = await atrium.app.get(SigningKeys).current();
  const body = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(body), { key, dsaEncoding: 'ieee-p1363' });
  return `${body}.${signature.toString('base64url')}`;
}

test('what we signed for something else, or for another audience, opens nothing', async () => {
  const client = await member();
  const { header, claims } = partsOf(client.tokens!.access_token);
  const { aud: _, ...before } = claims;
  const status = async (typ: string | undefined, said: object) => {
    client.tokens!.access_token = await signed({ ...header, typ }, said);
    return (await client.get('/me')).status;
  };
  expect(await status('at+jwt', claims)).toBe(200);
  for (const typ of ['JWT', 'dpop+jwt', 'secevent+jwt', undefined]) {
    expect([typ, await status(typ, claims)]).toEqual([typ, 401]);
  }
  for (const aud of ['http://other.test/api', 'http://atrium.test', '', ['x', 'y'], null]) {
    expect([aud, await status('at+jwt', { ...claims, aud })]).toEqual([aud, 401]);
    expect([aud, await status('JWT', { ...claims, aud })]).toEqual([aud, 401]);
  }
  expect(await status('at+jwt', before)).toBe(401);
  // As the version before signed them.
  expect(await status('JWT', before)).toBe(200);
});

test('tokens that are not ours are refused, without ever failing', async () => {
  const client = await member();
  const [header, claims, signature] = client.tokens!.access_token.split('.') as [
    string,
    string,
    string,
  ];
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { kid } = partsOf(client.tokens!.access_token).header;
  const forged = [
    'x',
    'a.b.c',
    `${header}.${claims}.`,
    `${header}.${claims}.${signature.slice(2)}AA`,
    `${header}.${encode({ sub: 'x', sid: 'y' })}.${signature}`,
    `${encode({ alg: 'none' })}.${claims}.`,
    `${encode({ alg: 'none', kid })}.${claims}.`,
    `${encode({ alg: 'HS256', kid })}.${claims}.${signature}`,
    `${encode({ alg: 'ES256', kid: 'nobody' })}.${claims}.${signature}`,
    `${encode({ alg: 'ES256', kid: { a: 1 } })}.${claims}.${signature}`,
    `${encode(null)}.${encode(null)}.x`,
  ];
  for (const access_token of forged) {
    client.tokens = { access_token, refresh_token: '' };
    const answer = await client.get('/me');
    expect([access_token, answer.status]).toEqual([access_token, 401]);
  }
});

test('whoever lost access to the organisation is told so', async () => {
  const email = address();
  const person = await atrium.people.memberOf('Acme', email);
  const client = await atrium.api().login(email, PASSWORD);
  await atrium.sql('UPDATE user_profile SET is_active = false WHERE id = $1', [person.profileId]);
  const me = await client.get('/me');
  expect(me.body.onboarding).toEqual({ next_step: 'revoked' });
});

test('two replicas that need their first key at the same moment agree on one', async () => {
  await atrium.sql('DELETE FROM signing_key');
  const repository = atrium.app.get(SigningKeysRepository);
  const replicas = Array.from(
    { length: 4 },
    () =>
      new SigningKeys(
        repository,
        atrium.app.get(AuditTrail),
        atrium.app.get(UnitOfWork),
        atrium.config,
      ),
  );
  const ids = await Promise.all(replicas.map(async (replica) => (await replica.current()).id));
  expect(new Set(ids).size).toBe(1);
});

async function allCame(count: number, cameIn: () => number): Promise<void> {
  for (let tries = 0; cameIn() < count && tries < 500; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
