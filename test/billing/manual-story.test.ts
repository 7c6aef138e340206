import { priceForSale } from '../../src/billing/catalogue/catalogue.js';
import { eventually } from '../support/waiting.js';
import { startManual, type ManualWorld } from './manual-world.js';

const TEAM = priceForSale('team', 'month')!;

let world: ManualWorld;
beforeAll(async () => void (world = await startManual({ BILLING_PROVIDER: 'manual' })));
afterAll(() => world.stop());

test('what staff sell opens the plan, an invoice that is not paid begins the grace, a transfer ends it', async () => {
  const { atrium, provider, sales, books } = world;
  const admin = await atrium.people.adminOf('Acme', 'admin@acme.test');
  const tenantId = admin.tenantId!;
  const becomes = (state: string, plan: string) =>
    eventually(async () => {
      const [row] = await atrium.sql<{ access_state: string; plan_key: string | null }>(
        'SELECT access_state, plan_key FROM tenant WHERE id = $1',
        [tenantId],
      );
      return row!.access_state === state && row!.plan_key === plan;
    });

  await provider.ensureCustomer({
    ...{ tenantId, name: 'Acme NV', email: 'billing@acme.test', locale: 'en' },
    ...{ country: 'BE', vatNumber: null },
  });
  await sales.sell(tenantId, { price: TEAM, seats: 5, trialDays: 0, paymentDays: 14 });
  await becomes('full', 'team');

  await world.pass(15);
  await becomes('grace', 'team');

  const [invoice] = await provider.invoices(tenantId);
  await sales.markPaid(tenantId, invoice!.id, { paidOn: books.today, reference: 'CODA 7' });
  await becomes('full', 'team');
});
