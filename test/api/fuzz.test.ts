import fc from 'fast-check';
import { apiScopes } from '../../src/core/features/registry.js';
import type { ApiClient } from '../support/api.js';
import { sampled } from '../support/samples.js';
import { startApp, type TestApp } from '../support/app.js';
import { Contract, type Route } from '../support/contract.js';
import { PASSWORD } from '../support/people.js';

/** A fixed seed, so that failures are reproducible. */
const SEED = 20_260_601;
const REQUESTS = 5_000;

let atrium: TestApp;
let contract: Contract;
let clients: ApiClient[];
/** Things that are there, by what they are, and their ids. */
const THINGS: ReturnType<typeof sampled<'apiThings'>> = { ...sampled('apiThings'), invitation };
const known = new Map<string, string>();

async function invitation(client: ApiClient): Promise<string> {
  return (await client.post('/invitations', { email: 'invited@fuzz.example' })).body.id;
}

beforeAll(async () => {
  atrium = await startApp({ RATE_LIMIT_MULTIPLIER: '100000' });
  contract = await Contract.of(atrium);
  await atrium.people.adminOf('Fuzz', 'admin@fuzz.example');
  await atrium.people.memberOf('Fuzz', 'member@fuzz.example');
  await atrium.people.newcomer('newcomer@fuzz.example');
  const names = ['admin', 'member', 'newcomer'];
  clients = await Promise.all(
    names.map((name) => atrium.api().login(`${name}@fuzz.example`, PASSWORD)),
  );
  await atrium.people.memberOf('Fuzz', 'other@fuzz.example');
  const [admin] = clients as [ApiClient];
  const zoe = await atrium.people.adminOf('Fuzz', 'zoe@fuzz.example');
  for (const [name, make] of Object.entries(THINGS)) known.set(name, await make(admin, zoe));
  const stranger = atrium.api();
  const forger = atrium.api();
  forger.tokens = { access_token: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.', refresh_token: '' };
  const machine = atrium.api().showing(await atrium.people.keyOf('Fuzz', apiScopes()));
  clients.push(stranger, forger, machine);
});
afterAll(() => atrium.stop());

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.emailAddress(),
  fc.uuid(),
  fc.constantFrom('', '\0', '\ud800', '../..', "' OR 1=1 --", '%s%n', '${7*7}', '__proto__', 'BE'),
  fc.constantFrom('Europe/Brussels', 'nl', 'night', PASSWORD, 'member@fuzz.example'),
  fc.integer({ min: 60, max: 70_000 }).map((length) => 'é'.repeat(length)),
);

const value = fc.oneof(
  { weight: 5, arbitrary: text },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 6 }) },
);

/** A body with some of the declared properties, often of the right kind, now and then with others. */
function bodyOf({ requestBody }: Route): fc.Arbitrary<unknown> {
  const name = requestBody?.content['application/json']?.schema.$ref.split('/').at(-1) ?? '';
  const { properties = {} } = contract.document.components.schemas[name] ?? {};
  const fields = Object.fromEntries(
    Object.entries(properties).map(([field, schema]) => [
      field,
      schema.enum ? fc.oneof(fc.constantFrom(...schema.enum), value) : value,
    ]),
  );
  const declared = fc.record(fields, { requiredKeys: [] });
  const others = fc.dictionary(fc.string({ unit: 'binary', maxLength: 8 }), value, { maxKeys: 3 });
  return fc.oneof(
    { weight: 6, arbitrary: declared },
    { weight: 1, arbitrary: fc.tuple(declared, others).map(([one, two]) => ({ ...one, ...two })) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 8 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
}

const headers = fc.record(
  {
    'content-type': fc.constantFrom(
      'application/json',
      'application/merge-patch+json',
      'application/json; charset=utf-16',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'image/png',
    ),
    'accept-language': fc.constantFrom('nl', 'fr-BE, en;q=0.1', '*', ';;q=9', 'x'.repeat(600)),
    'if-none-match': fc.constantFrom('*', '"x"', 'W/"x", ""', '"'),
    'idempotency-key': fc.constantFrom('1', '"2"', '', ' ', 'x'.repeat(256), 'é'),
    'if-match': fc.constantFrom('*', '"x"', 'W/"x"', '"'),
    accept: fc.constantFrom('text/html', 'application/json', '*/*', 'x'),
    cookie: fc.constantFrom('atrium_session=x', '=;=;', 'a=%E0%A4%A'),
  },
  { requiredKeys: [] },
);

/** Random query parameters, often with known values. */
function queryOf({ parameters = [] }: Route): fc.Arbitrary<string> {
  const declared = parameters.filter((parameter) => parameter.in === 'query');
  const asked = [...declared.map(({ name }) => name), 'limit', '__proto__'];
  const words = declared.flatMap(({ schema }) => schema.enum ?? []);
  const given = fc.oneof(text, fc.constantFrom('1', 'AA', 'W10', ...words), cursor);
  return fc
    .array(fc.tuple(fc.constantFrom(...asked), given), { maxLength: 3 })
    .map((pairs) => pairs.map(([name, said]) => `${name}=${encoded(said)}`).join('&'));
}

/** A well-formed cursor with arbitrary content. */
const cursor = fc.oneof(
  text.map((key) => Buffer.from(key).toString('base64url')),
  fc
    .jsonValue({ maxDepth: 2 })
    .map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url')),
  fc
    .tuple(
      fc.constantFrom('name', 'due', 'newest'),
      fc.constantFrom('after', 'before'),
      text,
      fc.uuid(),
    )
    .map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url')),
);

function encoded(given: string): string {
  return encodeURIComponent(given.slice(0, 100).toWellFormed());
}

/** Path parameters, never `.` or `..`, which change the path. Some exist. */
const id = fc.oneof(
  fc.constantFrom(...Object.keys(THINGS)).map((place) => known.get(place) ?? place),
  fc.uuid(),
  text.map((given) => `x${encoded(given)}`),
);

test('no request makes the API fail or violate its document', async () => {
  // Sign-out is excluded, as it ends the test's own session.
  const routes = contract.routes.filter(({ operationId }) => operationId !== 'logout');
  const request = fc.constantFrom(...routes).chain((route) =>
    fc.record({
      route: fc.constant(route),
      client: fc.constantFrom(...clients.keys()),
      body: route.requestBody ? bodyOf(route) : fc.constant(undefined),
      id,
      query: queryOf(route),
      headers,
    }),
  );
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(request, async ({ route, client, body, ...rest }) => {
      const path = route.path.replace('{id}', rest.id);
      const target = rest.query ? `${path}?${rest.query}` : path;
      const { 'content-type': type, ...others } = rest.headers;
      const sent = body === undefined || !type ? others : rest.headers;
      const answer = await clients[client]!.send(route.method, target, body, sent);
      asked++;
      contract.expectKept(route, answer);
    }),
    { seed: SEED, numRuns: REQUESTS, endOnFailure: true },
  );
  expect(asked).toBe(REQUESTS);
  // The session is still valid: all requests were authenticated.
  for (const client of clients.slice(0, 3)) expect((await client.get('/me')).status).toBe(200);
}, 300_000);
