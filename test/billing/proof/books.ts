import { isDeepStrictEqual } from 'node:util';
import { runInContext } from '../../../src/core/context/request-context.js';
import type { CustomerState } from '../../../src/billing/provider/customer-state.js';
import type { PaymentProvider } from '../../../src/billing/provider/payment-provider.js';
import { Providers } from '../../../src/billing/provider/providers.js';
import { CustomerSync } from '../../../src/billing/sync/customer-sync.service.js';
import type { Organisation } from '../organisation.js';

/** What the database knows of an organisation, and what may be done with it between two attempts. */
export class Books {
  constructor(private readonly org: Organisation) {}

  get provider(): PaymentProvider {
    return this.org.atrium.app.get(Providers).current;
  }

  /** Everything that is known, but for when it was learned. */
  async known() {
    return {
      standing: await this.org.standing(),
      subscriptions: await this.rows('subscription', 'external_id, status, quantity, is_live'),
      invoices: await this.rows('invoice', 'external_id, status, total, paid'),
      lines: await this.rows('invoice_line', 'count(*)::int AS count', ''),
    };
  }

  async holds(wanted: Awaited<ReturnType<Books['known']>>): Promise<boolean> {
    return isDeepStrictEqual(await this.known(), wanted);
  }

  /** How often the audit trail tells of a change of what may be done. */
  async told(): Promise<number> {
    const [row] = await this.org.atrium.sql<{ count: number }>(
      `SELECT count(*)::int AS count FROM audit_entry
       WHERE tenant_id = $1 AND action = 'subscription.changed'`,
      [this.org.tenantId],
    );
    return row!.count;
  }

  /** As if nothing was ever heard of the customer. */
  async forget(): Promise<void> {
    const { tenantId, customerId, atrium } = this.org;
    for (const table of ['invoice_line', 'invoice', 'subscription']) {
      await atrium.sql(`DELETE FROM ${table} WHERE tenant_id = $1`, [tenantId]);
    }
    await atrium.sql(
      `UPDATE billing_customer SET fetched_at = NULL, payment_method = 'none', payment_label = NULL
       WHERE tenant_id = $1`,
      [tenantId],
    );
    await atrium.sql(
      `UPDATE tenant SET access_state = 'free', access_until = NULL, plan_key = NULL,
         plan_version = NULL, seats = NULL WHERE id = $1`,
      [tenantId],
    );
    await atrium.sql('DELETE FROM billing_event WHERE customer_external_id = $1', [customerId]);
    await atrium.sql(`DELETE FROM pgboss.job WHERE name = 'billing_event' AND singleton_key = $1`, [
      `sandbox:${customerId}`,
    ]);
  }

  /** What the provider says now. */
  async answer(): Promise<CustomerState> {
    const state = await runInContext({}, () =>
      this.provider.fetchCustomerState(this.org.customerId),
    );
    return state!;
  }

  /** Fetches and stores, or stores an answer that was fetched at another time. */
  sync(answer?: CustomerState): Promise<boolean> {
    const provider = answer ? answering(this.provider, answer) : this.provider;
    return runInContext({}, () =>
      this.org.atrium.app.get(CustomerSync).sync(provider, this.org.customerId),
    );
  }

  private rows(table: string, columns: string, order = 'ORDER BY external_id') {
    return this.org.atrium.sql(`SELECT ${columns} FROM ${table} WHERE tenant_id = $1 ${order}`, [
      this.org.tenantId,
    ]);
  }
}

/** A provider that answers this, whatever has happened since. */
export function answering(provider: PaymentProvider, answer: CustomerState): PaymentProvider {
  const fetchCustomerState = { value: () => Promise.resolve(answer) };
  return Object.create(provider, { fetchCustomerState }) as PaymentProvider;
}
