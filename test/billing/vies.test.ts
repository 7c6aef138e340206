import { askVies } from '../../src/billing/tax/vies.js';
import { readVatNumber } from '../../src/billing/tax/vat-number/vat-number.js';
import { fakeVies } from './fake-vies.js';

const requester = readVatNumber('BE0403170701', 'BE')!;
const customer = readVatNumber('NL004495445B01', 'NL')!;

let vies: Awaited<ReturnType<typeof fakeVies>>;
let url: string;
beforeAll(async () => {
  vies = await fakeVies();
  url = vies.url;
});
afterAll(() => vies.stop());

test('a number that the register knows comes with the proof of having asked', async () => {
  vies.answer = {
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
  expect(vies.asked.at(-1)).toEqual([
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
  vies.answer = { status: 200, body: '{"valid":false,"name":"---"}' };
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
  vies.answer = given;
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
