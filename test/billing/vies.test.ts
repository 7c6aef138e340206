import { once } from 'node:events';
import { createServer } from 'node:http';
import { askVies } from '../../src/billing/tax/vies.js';
import { readVatNumber } from '../../src/billing/tax/vat-number/vat-number.js';

const requester = readVatNumber('BE0403170701', 'BE')!;
const customer = readVatNumber('NL004495445B01', 'NL')!;

let answer: { status: number; body: string; after?: number };
const asked: unknown[] = [];
const server = createServer((req, res) => {
  let body = '';
  req.on('data', (chunk: Buffer) => (body += chunk.toString()));
  req.on('end', () => {
    asked.push([req.method, req.url, JSON.parse(body)]);
    setTimeout(() => res.writeHead(answer.status).end(answer.body), answer.after ?? 0).unref();
  });
});
let url: string;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}/rest-api/`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('a number that the register knows comes with the proof of having asked', async () => {
  answer = {
    status: 200,
    body: JSON.stringify({
      countryCode: 'NL',
      vatNumber: '004495445B01',
      valid: true,
      requestIdentifier: 'WAPIAAAAY4jVd0cH',
      name: 'EXAMPLE B.V.',
      address: '---',
    }),
  };
  expect(await askVies(customer, { url, requester })).toEqual({
    result: 'valid',
    consultation: 'WAPIAAAAY4jVd0cH',
    name: 'EXAMPLE B.V.',
    address: null,
    askedAt: expect.any(Date),
  });
  expect(asked.at(-1)).toEqual([
    'POST',
    '/rest-api/check-vat-number',
    {
      countryCode: 'NL',
      vatNumber: '004495445B01',
      requesterMemberStateCode: 'BE',
      requesterNumber: '0403170701',
    },
  ]);
});

test('a number that the register does not know is invalid', async () => {
  answer = { status: 200, body: '{"valid":false,"name":"---"}' };
  expect(await askVies(customer, { url, requester })).toMatchObject({ result: 'invalid' });
});

test.each([
  ['is down', { status: 503, body: '<html>' }],
  ['says that the register is down', { status: 200, body: '{"actionSucceed":false}' }],
  ['answers nonsense', { status: 200, body: '{"valid":"yes"}' }],
  ['answers something else', { status: 200, body: 'ok' }],
  ['sends one elsewhere', { status: 302, body: '' }],
  ['answers too much', { status: 200, body: `{"valid":true,"x":"${'x'.repeat(70_000)}"}` }],
  ['is slow', { status: 200, body: '{"valid":true}', after: 2_000 }],
])('a service that %s leaves the number unknown', async (_, given) => {
  answer = given;
  expect(await askVies(customer, { url, requester, timeout: 300 })).toMatchObject({
    result: 'unknown',
    consultation: null,
  });
});

test('a service that is not there leaves the number unknown', async () => {
  expect(await askVies(customer, { url: 'http://127.0.0.1:9', requester })).toMatchObject({
    result: 'unknown',
  });
});
