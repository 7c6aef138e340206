import type Stripe from 'stripe';
import type { CustomerDetails } from '../provider/payment-provider.js';
import type { StripeClient } from './stripe-client.js';
import { TENANT } from './stripe-metadata.js';
import { localeOf } from './stripe-values.js';

type TaxIdType = Stripe.CustomerCreateTaxIdParams.Type;

/** What Stripe calls VAT numbers, by what they begin with; any other is one of the Union's. */
const TAX_ID_TYPES: Readonly<Record<string, TaxIdType>> = {
  GB: 'gb_vat',
  CH: 'ch_vat',
  NO: 'no_vat',
};

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
  const { data } = await client.call((stripe) =>
    stripe.customers.listTaxIds(customerId, { limit: 100 }),
  );
  if (!data.some(({ value }) => value === vatNumber)) {
    await client.call((stripe) => stripe.customers.createTaxId(customerId, taxIdOf(vatNumber)));
  }
  for (const { id } of data.filter(({ value }) => value !== vatNumber)) {
    const idempotencyKey = `tax-id-${id}`;
    await client.call((stripe) =>
      stripe.customers.deleteTaxId(customerId, id, {}, { idempotencyKey }),
    );
  }
}

function taxIdOf(vatNumber: string) {
  return { type: TAX_ID_TYPES[vatNumber.slice(0, 2)] ?? 'eu_vat', value: vatNumber };
}
