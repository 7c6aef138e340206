import { priceForSale } from '../../src/billing/catalogue/catalogue.js';
import { fakeVies } from './fake-vies.js';
import { organisation, startManual, type ManualWorld } from './manual-world.js';

const TEAM = priceForSale('team', 'month')!;
const VALID = JSON.stringify({ valid: true, requestIdentifier: 'WAPI1', name: 'EXAMPLE B.V.' });

let vies: Awaited<ReturnType<typeof fakeVies>>;
let world: ManualWorld;
beforeAll(async () => {
  vies = await fakeVies();
  world = await startManual({ VIES_URL: vies.url });
});
afterAll(async () => {
  await world.stop();
  vies.stop();
});

async function soldTo(country: string, vatNumber: string): Promise<string> {
  const details = await organisation(world.atrium, { country, vatNumber });
  const id = await world.provider.ensureCustomer(details);
  await world.sales.sell(id, { price: TEAM, seats: 1, trialDays: 0, paymentDays: 30 });
  return id;
}

async function categories(tenantId: string): Promise<string[]> {
  const invoices = await world.provider.invoices(tenantId);
  return invoices.map(({ lines }) => lines[0]!.vatCategory!).reverse();
}

const proof = (tenantId: string) =>
  world.atrium.sql(
    'SELECT vat_number, result, consultation, name FROM vat_check WHERE tenant_id = $1 ORDER BY asked_at',
    [tenantId],
  );

test('a number that VIES knows is relied on, and what VIES said is kept', async () => {
  vies.answer = { status: 200, body: VALID };
  const id = await soldTo('NL', 'NL004495445B01');
  expect(await categories(id)).toEqual(['AE']);
  expect(await proof(id)).toEqual([
    {
      vat_number: 'NL004495445B01',
      result: 'valid',
      consultation: 'WAPI1',
      name: 'EXAMPLE B.V.',
    },
  ]);
});

test('while VIES is down VAT is charged, and the next invoice follows what it says then', async () => {
  vies.answer = { status: 503, body: '' };
  const id = await soldTo('NL', 'NL004495445B01');
  expect(await categories(id)).toEqual(['S']);
  vies.answer = { status: 200, body: VALID };
  await world.pass(32);
  expect(await categories(id)).toEqual(['S', 'AE']);
  expect((await proof(id)).map(({ result }) => result)).toEqual(['unknown', 'valid']);
});

test('a number that VIES does not know is none', async () => {
  vies.answer = { status: 200, body: '{"valid":false}' };
  expect(await categories(await soldTo('DE', 'DE136695976'))).toEqual(['S']);
});

test('VIES is asked for numbers that decide about VAT only, and not again for each invoice', async () => {
  vies.answer = { status: 200, body: VALID };
  const before = vies.asked.length;
  await soldTo('BE', 'BE0428759497');
  await soldTo('CH', 'CHE107787577');
  expect(vies.asked.length).toBe(before);
  await soldTo('FR', 'FR40303265045');
  await world.pass(32);
  const asked = vies.asked.slice(before).map(([, , body]) => body);
  expect(asked.filter((body) => JSON.stringify(body).includes('40303265045'))).toHaveLength(1);
});
