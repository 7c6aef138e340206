import type Stripe from 'stripe';
import type { CheckoutOrder, HostedCheckout } from '../provider/payment-provider.js';
import { ProviderUnavailable } from '../provider/provider-errors.js';
import type { StripeClient } from './stripe-client.js';
import { CHECKOUT, TENANT } from './stripe-metadata.js';
import { findPriceId } from './stripe-prices.js';
import { dateOf, localeOf } from './stripe-values.js';

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

/** Nothing to do where it was paid, has expired, or never was: Stripe says so with a refusal. */
export async function abandonCheckout(client: StripeClient, sessionId: string): Promise<void> {
  const session = await client.find((stripe) => stripe.checkout.sessions.retrieve(sessionId));
  if (session?.status !== 'open') return;
  await client.call((stripe) => stripe.checkout.sessions.expire(sessionId));
}
