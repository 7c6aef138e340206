import { randomUUID } from 'node:crypto';
import { IssuedInvoicesRepository } from '../../src/billing/invoices/issued-invoices.repository.js';
import { ManualBooks } from '../../src/billing/manual/manual-books.js';
import { ManualProvider } from '../../src/billing/manual/manual.provider.js';
import { ManualSales } from '../../src/billing/manual/manual-sales.service.js';
import type { CustomerDetails } from '../../src/billing/provider/payment-provider.js';
import { startApp, type TestApp } from '../support/app.js';
import type { Harness } from './provider-contract.js';

export const SELLER_SETTINGS = {
  BILLING_SELLER_NAME: 'Atrium Software NV',
  BILLING_SELLER_STREET: 'Kouter 1',
  BILLING_SELLER_POSTAL_CODE: '9000',
  BILLING_SELLER_CITY: 'Gent',
  BILLING_SELLER_VAT_NUMBER: 'BE 0403.170.701',
  BILLING_SELLER_EMAIL: 'invoices@atrium.example',
  BILLING_SELLER_IBAN: 'BE68 5390 0754 7034',
  BILLING_SELLER_BIC: 'TRIOBEBB',
};

const DAY = 86_400_000;

export interface ManualWorld extends Harness {
  atrium: TestApp;
  books: ManualBooks;
  sales: ManualSales;
  issued: IssuedInvoicesRepository;
  /** Sets the clock of the books ahead, and lets what is due by then happen. */
  pass(days: number): Promise<void>;
}

/** The provider "manual" in an application, with a clock that can be set ahead. */
export async function startManual(settings: Record<string, string> = {}): Promise<ManualWorld> {
  const atrium = await startApp({ ...SELLER_SETTINGS, ...settings });
  const get = <T>(type: abstract new (...args: never[]) => T): T =>
    atrium.app.get(type, { strict: false });
  const [books, sales] = [get(ManualBooks), get(ManualSales)];
  const provider = get(ManualProvider);
  let ahead = 0;
  books.now = () => new Date(Date.now() + ahead);
  const pass = async (days: number) => {
    ahead += days * DAY;
    await sales.renewDue();
    await sales.tellOverdue();
  };
  return {
    atrium,
    books,
    sales,
    provider,
    issued: get(IssuedInvoicesRepository),
    pass,
    organisation: () => organisation(atrium),
    subscribe: async (customerId, { price, seats, trialDays }) => {
      await sales.sell(customerId, { price, seats, trialDays, paymentDays: 14 });
      for (const { id } of await provider.invoices(customerId)) {
        await sales.markPaid(customerId, id, { paidOn: books.today, reference: null });
      }
    },
    failToPay: async () => {
      await pass(31);
      await pass(15);
    },
    settle: async (customerId) => {
      for (const { id, status } of await provider.invoices(customerId)) {
        if (status !== 'open') continue;
        await sales.markPaid(customerId, id, { paidOn: books.today, reference: 'CODA 12' });
      }
    },
    stop: () => atrium.stop(),
  };
}

export async function organisation(
  { sql }: Pick<TestApp, 'sql'>,
  details: Partial<CustomerDetails> = {},
): Promise<CustomerDetails> {
  const tenantId = randomUUID();
  await sql('INSERT INTO tenant (id, organization) VALUES ($1, $2)', [tenantId, 'Acme']);
  return {
    tenantId,
    name: 'Acme NV',
    email: 'billing@acme.example',
    locale: 'nl-BE',
    country: 'BE',
    vatNumber: 'BE0428759497',
    ...details,
  };
}
