import { Reconciliation } from '../billing/reconciliation/reconciliation.service.js';
import { UUID } from '../core/utils/uuid.js';
import { CheckFailed, UsageError } from '../exit-on-error.js';
import { withApplication } from './application.js';

/** `billing-sync <organisation>`: fetches one organisation's subscription and invoices anew. */
export async function billingSync([tenantId = '', ...more]: string[]): Promise<void> {
  if (!UUID.test(tenantId) || more.length > 0) {
    throw new UsageError('billing-sync needs the id of one organisation.');
  }
  await withApplication(async (app) => {
    const isChanged = await app.get(Reconciliation).syncTenant(tenantId);
    if (isChanged === null) throw new UsageError('This organisation is no customer.');
    console.log(isChanged ? 'Something had changed and is up to date now.' : 'It was up to date.');
  });
}

/** `billing-reconcile`: compares everything with the provider and puts right what differs. */
export async function billingReconcile(args: string[]): Promise<void> {
  if (args.length > 0) throw new UsageError('billing-reconcile takes nothing.');
  await withApplication(async (app) => {
    const { customers, seats, missing, undelivered, unknown } = await app.get(Reconciliation).run();
    console.log(`${customers} organisations were put right.`);
    console.log(`${seats} organisations paid for another number of seats than they use.`);
    console.log(`${missing} customers of the provider were not known.`);
    console.log(`${undelivered} notifications had not been delivered.`);
    console.log(`${unknown} customers belong to no organisation.`);
  });
}

/** `billing-check`: whether the provider asks for what the catalogue says; fails where it does not. */
export async function billingCheck(args: string[]): Promise<void> {
  if (args.length > 0) throw new UsageError('billing-check takes nothing.');
  await withApplication(async (app) => {
    const differences = await app.get(Reconciliation).prices();
    if (differences.length === 0) return console.log('The prices are those of the catalogue.');
    throw new CheckFailed(`The prices of the provider differ:\n${differences.join('\n')}`);
  });
}
