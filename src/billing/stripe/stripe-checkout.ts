import type Stripe from 'stripe';
import { languageOf, type Locale } from '../../core/i18n/locales.js';
import type {
  CheckoutOrder,
  CustomerDetails,
  HostedCheckout,
} from '../provider/payment-provider.js';
import { ProviderUnavailable } from '../provider/provider-errors.js';
import type { StripeClient } from './stripe-client.js';
import { CHECKOUT, TENANT } from './stripe-metadata.js';
import { findPriceId } from './stripe-prices.js';
import { dateOf } from './stripe-values.js';

/**
 * The customer of the organisation. It is searched first: the search of Stripe may be a minute behind, and for
 * that minute the key of idempotency gives the same customer.
 */
export async function ensureCustomer(
  client: StripeClient,
  { tenantId, name, email, locale, country }: CustomerDetails,
): Promise<string> {
  if (!/^[\w-]{1,64}$/.test(tenantId)) throw new RangeError('Not the id of an organisation');
  const query = `metadata['${TENANT}']:'${tenantId}'`;
  const { data } = await client.call((stripe) => stripe.customers.search({ query, limit: 1 }));
  if (data[0]) return data[0].id;
  const created = await client.call((stripe) =>
    stripe.customers.create(
      {
        name,
        email,
        preferred_locales: [localeOf(locale)],
        metadata: { [TENANT]: tenantId },
        ...(country ? { address: { country } } : {}),
      },
      { idempotencyKey: `customer-${tenantId}` },
    ),
  );
  return created.id;
}

/** Hosted by Stripe: no card ever comes near us. Name, address and VAT number are asked for there. */
export async function startCheckout(
  client: StripeClient,
  order: CheckoutOrder,
): Promise<HostedCheckout> {
  const price = await findPriceId(client, order.price.key);
  const session = await client.call((stripe) =>
    stripe.checkout.sessions.create(sessionFor(order, price), {
      idempotencyKey: `checkout-${order.checkoutId}`,
    }),
  );
  if (!session.url) throw new ProviderUnavailable('Stripe: the checkout has no address');
  return { id: session.id, url: session.url, expiresAt: dateOf(session.expires_at) };
}

function sessionFor(order: CheckoutOrder, price: string): Stripe.Checkout.SessionCreateParams {
  const ours = { [TENANT]: order.tenantId, [CHECKOUT]: order.checkoutId };
  return {
    mode: 'subscription',
    customer: order.customerId,
    client_reference_id: order.tenantId,
    metadata: ours,
    line_items: [{ price, quantity: order.seats }],
    subscription_data: {
      metadata: ours,
      ...(order.trialDays > 0
        ? {
            trial_period_days: order.trialDays,
            // Without a card the trial ends in `paused`: read-only, until there is one.
            trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
          }
        : {}),
    },
    payment_method_collection: order.trialDays > 0 ? 'if_required' : 'always',
    automatic_tax: { enabled: true },
    tax_id_collection: { enabled: true },
    customer_update: { name: 'auto', address: 'auto' },
    billing_address_collection: 'required',
    locale: localeOf(order.locale),
    success_url: order.successUrl,
    cancel_url: order.cancelUrl,
  };
}

/** Pages of Stripe know languages without their country, and European English. */
export function localeOf(locale: Locale): string {
  const language = languageOf(locale);
  return language === 'en' ? 'en-GB' : language;
}

/** Nothing to do where it was paid, has expired, or never was: Stripe says so with a refusal. */
export async function abandonCheckout(client: StripeClient, sessionId: string): Promise<void> {
  const session = await client.find((stripe) => stripe.checkout.sessions.retrieve(sessionId));
  if (session?.status !== 'open') return;
  await client.call((stripe) => stripe.checkout.sessions.expire(sessionId));
}
