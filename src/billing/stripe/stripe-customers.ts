import type Stripe from 'stripe';
import type { CustomerDetails } from '../provider/payment-provider.js';
import type { StripeClient } from './stripe-client.js';
import { TENANT } from './stripe-metadata.js';
import { localeOf } from './stripe-values.js';

type TaxIdType = Stripe.CustomerCreateTaxIdParams.Type;

/**
 * The customer of the organisation, with these details. It is searched first: the search of Stripe may be a
 * minute behind, and for that minute the key of idempotency gives the same customer.
 */
export async function ensureCustomer(
  client: StripeClient,
  details: CustomerDetails,
): Promise<string> {
  const { tenantId, vatNumber } = details;
  if (!/^[\w-]{1,64}$/.test(tenantId)) throw new RangeError('Not the id of an organisation');
  const query = `metadata['${TENANT}']:'${tenantId}'`;
  const { data } = await client.call((stripe) => stripe.customers.search({ query, limit: 1 }));
  const [known] = data;
  if (known) {
    await client.call((stripe) => stripe.customers.update(known.id, fieldsOf(details)));
    if (vatNumber) await settleVatNumber(client, known.id, vatNumber);
    return known.id;
  }
  const { id } = await client.call((stripe) =>
    stripe.customers.create(
      {
        ...fieldsOf(details),
        metadata: { [TENANT]: tenantId },
        ...(vatNumber ? { tax_id_data: [taxIdOf(vatNumber)] } : {}),
      },
      { idempotencyKey: `customer-${tenantId}` },
    ),
  );
  return id;
}

function fieldsOf({ name, email, locale, country, address }: CustomerDetails) {
  const place = address && {
    line1: address.street,
    postal_code: address.postalCode,
    city: address.city,
  };
  return {
    name,
    email,
    preferred_locales: [localeOf(locale)],
    ...(country || place ? { address: { ...place, ...(country ? { country } : {}) } } : {}),
  } satisfies Stripe.CustomerUpdateParams;
}

/** The number takes the place of others: invoices would name them all. Without one, what Stripe knows stays. */
async function settleVatNumber(
  client: StripeClient,
  customerId: string,
  vatNumber: string,
): Promise<void> {
  const wanted = taxIdOf(vatNumber);
  const { data } = await client.call((stripe) =>
    stripe.customers.listTaxIds(customerId, { limit: 100 }),
  );
  if (!data.some(({ value }) => value === wanted.value)) {
    await client.call((stripe) => stripe.customers.createTaxId(customerId, wanted));
  }
  for (const { id } of data.filter(({ value }) => value !== wanted.value)) {
    const idempotencyKey = `tax-id-${id}`;
    await client.call((stripe) =>
      stripe.customers.deleteTaxId(customerId, id, {}, { idempotencyKey }),
    );
  }
}

/** A VAT number as Stripe writes it: those of Switzerland and Norway differ from the usual form (docs.stripe.com/billing/customer/tax-ids). */
function taxIdOf(vatNumber: string): { type: TaxIdType; value: string } {
  const swiss = /^CHE(\d{3})(\d{3})(\d{3})(\w*)$/.exec(vatNumber);
  if (swiss) {
    const [, first, second, third, tax] = swiss;
    return { type: 'ch_vat', value: `CHE-${first}.${second}.${third} ${tax || 'MWST'}` };
  }
  const norwegian = /^NO(\d{9})/.exec(vatNumber);
  if (norwegian) return { type: 'no_vat', value: `${norwegian[1]}MVA` };
  return { type: vatNumber.startsWith('GB') ? 'gb_vat' : 'eu_vat', value: vatNumber };
}
