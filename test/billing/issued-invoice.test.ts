import { priceForSale } from '../../src/billing/catalogue/catalogue.js';
import type { Person } from '../support/people.js';
import { startManual, type ManualWorld } from './manual-world.js';
import { readXml, texts } from './xml-reader.js';

const TEAM = priceForSale('team', 'month')!;

let world: ManualWorld;
let admin: Person;
let path: string;
let number: string;

beforeAll(async () => {
  world = await startManual();
  admin = await world.atrium.people.adminOf('Acme', 'admin@acme.test');
  const tenantId = admin.tenantId!;
  const { provider, sales } = world;
  await provider.ensureCustomer({
    ...{ tenantId, name: 'Acme <NV>', email: 'billing@acme.test', locale: 'en' },
    ...{ country: 'BE', vatNumber: 'BE0428759497' },
  });
  await sales.sell(tenantId, { price: TEAM, seats: 7, trialDays: 0, paymentDays: 30 });
  const [invoice] = await provider.invoices(tenantId);
  path = new URL(invoice!.hostedUrl!).pathname;
  number = invoice!.number!;
});
afterAll(() => world.stop());

test.each([
  ['en', 'Invoice', '€84.00', 'Structured communication'],
  ['nl-be', 'Factuur', '€ 84,00', 'Gestructureerde mededeling'],
  ['fr-be', 'Facture', '84,00 €', 'Communication structurée'],
])('an admin reads an invoice in %s, and how to pay it', async (language, title, net, how) => {
  await admin.browser.post('/i18n/setlang/', { language });
  const { text } = await admin.browser.visit(path);
  const shown = text.replace(/[\u00a0\u202f]/g, ' ');
  for (const said of [`${title} ${number}`, net, how, 'BE68 5390 0754 7034', 'Acme <NV>']) {
    expect(shown).toContain(said);
  }
  expect(shown).toMatch(/\+{3}\d{3}\/\d{4}\/\d{5}\+{3}/);
});

test('the same invoice is downloaded as UBL', async () => {
  const { response, status } = await admin.browser.visit(`${path}ubl/`);
  expect(status).toBe(200);
  expect(response.get('content-type')).toContain('application/xml');
  expect(response.get('content-disposition')).toContain(`${number}.xml`);
  const xml = readXml(response.text);
  expect(texts(xml, 'cbc:ID')).toEqual([number]);
  expect(texts(xml, 'cac:LegalMonetaryTotal/cbc:PayableAmount')).toEqual(['101.64']);
});

test('invoices are for admins of the organisation, and nobody else learns that there is one', async () => {
  const { people } = world.atrium;
  const member = await people.memberOf('Acme', 'member@acme.test');
  expect((await member.browser.visit(path)).status).toBe(403);
  const other = await people.adminOf('Globex', 'admin@globex.test');
  for (const there of [path, `${path}ubl/`, '/settings/billing/issued/nonsense/']) {
    expect((await other.browser.visit(there)).status).toBe(404);
  }
});
