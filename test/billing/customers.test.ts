import { BillingCustomersRepository } from '../../src/billing/sync/billing-customers.repository.js';
import { billingRole } from '../../src/core/database/privileged/billing.role.js';
import { runInContext } from '../../src/core/context/request-context.js';
import { UnitOfWork } from '../../src/core/database/unit-of-work.js';
import { startApp, type TestApp } from '../support/app.js';

const [ORGANISATIONS, AT_ONCE] = [300, 2];

let atrium: TestApp;
beforeAll(async () => {
  atrium = await startApp({ BILLING_PROVIDER: 'sandbox', ROLE: 'web' });
});
afterAll(() => atrium.stop());

/** As a checkout and a notification do, each in a unit of work of its own. */
function claim(tenantId: string, externalId: string): Promise<boolean> {
  const customers = atrium.app.get(BillingCustomersRepository);
  return runInContext({ tenantId }, () =>
    atrium.app.get(UnitOfWork).runAs(billingRole, () => customers.claim('sandbox', externalId)),
  );
}

test('several admins who make their organisation a customer at once all do, and there is one', async () => {
  for (let number = 0; number < ORGANISATIONS; number++) {
    const tenantId = await atrium.people.tenant(`Acme ${number}`);
    const claims = Array.from({ length: AT_ONCE }, () => claim(tenantId, `cus_${number}`));
    expect(await Promise.all(claims)).toEqual(Array.from({ length: AT_ONCE }, () => true));
  }
  const rows = await atrium.sql('SELECT 1 FROM billing_customer');
  expect(rows).toHaveLength(ORGANISATIONS);
});

test('the customer of another organisation is not taken, and a customer is not exchanged', async () => {
  const [globex, initech] = [
    await atrium.people.tenant('Globex'),
    await atrium.people.tenant('Initech'),
  ];
  expect(await claim(globex, 'cus_globex')).toBe(true);
  expect(await claim(initech, 'cus_globex')).toBe(false);
  expect(await claim(globex, 'cus_other')).toBe(false);
  expect(await claim(initech, 'cus_initech')).toBe(true);
  expect(await claim(globex, 'cus_globex')).toBe(true);
});
