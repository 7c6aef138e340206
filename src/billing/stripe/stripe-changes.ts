import type Stripe from 'stripe';
import type {
  ChangePreview,
  SeatChange,
  SubscriptionChange,
} from '../provider/payment-provider.js';
import { ProviderRefused } from '../provider/provider-errors.js';
import type { StripeClient } from './stripe-client.js';
import { findPriceId } from './stripe-prices.js';
import { dateOf, idOf, moneyOf } from './stripe-values.js';

/** A change of plan is paid at once: where the card is refused, the plan stays as it was. */
export async function changePlan(client: StripeClient, change: SubscriptionChange): Promise<void> {
  const [item, price] = await Promise.all([
    findItem(client, change.subscriptionId),
    findPriceId(client, change.price.key),
  ]);
  const { subscriptionId, seats, revision } = change;
  await client.call((stripe) =>
    stripe.subscriptions.update(
      subscriptionId,
      {
        items: [{ id: item.id, price, quantity: seats }],
        proration_behavior: 'always_invoice',
        payment_behavior: 'error_if_incomplete',
      },
      { idempotencyKey: `plan-${subscriptionId}-${change.price.key}-${seats}-${revision}` },
    ),
  );
}

/** What seats cost for the rest of the period is on the next invoice. */
export async function setSeats(client: StripeClient, change: SeatChange): Promise<void> {
  const { subscriptionId, seats, revision } = change;
  const item = await findItem(client, subscriptionId);
  if (item.quantity === seats) return;
  await client.call((stripe) =>
    stripe.subscriptions.update(
      subscriptionId,
      { items: [{ id: item.id, quantity: seats }], proration_behavior: 'create_prorations' },
      { idempotencyKey: `seats-${subscriptionId}-${seats}-${revision}` },
    ),
  );
}

export async function previewChange(
  client: StripeClient,
  change: SubscriptionChange,
): Promise<ChangePreview> {
  const [item, price] = await Promise.all([
    findItem(client, change.subscriptionId),
    findPriceId(client, change.price.key),
  ]);
  const preview = await client.call((stripe) =>
    stripe.invoices.createPreview({
      subscription: change.subscriptionId,
      subscription_details: {
        items: [{ id: item.id, price, quantity: change.seats }],
        proration_behavior: 'always_invoice',
      },
    }),
  );
  const taxes = preview.total_taxes ?? [];
  const vat = taxes.reduce((sum, { amount }) => sum + amount, 0);
  const { amount, currency } = change.price.unitPrice;
  const isTrialing = item.current_trial !== null;
  return {
    now: moneyOf(isTrialing ? 0 : preview.total - vat, preview.currency),
    next: { amount: amount * BigInt(change.seats), currency },
    nextAt: dateOf(nextPeriodEnd(item, change)),
    vat: taxes.length > 0 ? moneyOf(isTrialing ? 0 : vat, preview.currency) : null,
  };
}

/** Another interval begins a new period now; the same one goes on to its end. */
function nextPeriodEnd(item: Stripe.SubscriptionItem, { price }: SubscriptionChange): number {
  if (item.current_trial || item.price.recurring?.interval === price.interval) {
    return item.current_period_end;
  }
  const end = new Date();
  if (price.interval === 'year') end.setUTCFullYear(end.getUTCFullYear() + 1);
  else end.setUTCMonth(end.getUTCMonth() + 1);
  return Math.floor(end.getTime() / 1000);
}

export async function setCancellation(
  client: StripeClient,
  subscriptionId: string,
  isCancelled: boolean,
): Promise<void> {
  await client.call((stripe) =>
    stripe.subscriptions.update(
      subscriptionId,
      { cancel_at_period_end: isCancelled },
      { idempotencyKey: `cancellation-${subscriptionId}-${isCancelled}-${crypto.randomUUID()}` },
    ),
  );
}

/**
 * Ends at once, and credits what was paid for it: a credit note with the refund in it keeps the VAT right. May be
 * repeated: what has ended and what was credited is left alone.
 */
export async function cancelAndRefund(client: StripeClient, subscriptionId: string): Promise<void> {
  const subscription = await client.call((stripe) => stripe.subscriptions.retrieve(subscriptionId));
  if (subscription.ended_at === null) {
    await client.call((stripe) =>
      stripe.subscriptions.cancel(
        subscriptionId,
        { invoice_now: false, prorate: false },
        { idempotencyKey: `end-${subscriptionId}` },
      ),
    );
  }
  const invoices = client.each((stripe) =>
    stripe.invoices.list({ subscription: subscriptionId, status: 'paid', limit: 100 }),
  );
  for await (const invoice of invoices) await credit(client, invoice);
}

async function credit(client: StripeClient, invoice: Stripe.Invoice): Promise<void> {
  const open = invoice.total - invoice.post_payment_credit_notes_amount;
  if (open <= 0 || invoice.amount_paid <= 0) return;
  const refunded = Math.min(open, invoice.amount_paid);
  await client.call((stripe) =>
    stripe.creditNotes.create(
      { invoice: invoice.id, amount: refunded, refund_amount: refunded, reason: 'duplicate' },
      { idempotencyKey: `credit-${invoice.id}` },
    ),
  );
}

export async function extendTrial(
  client: StripeClient,
  subscriptionId: string,
  until: number,
): Promise<void> {
  await client.call((stripe) =>
    stripe.subscriptions.update(
      subscriptionId,
      { trial_end: until, proration_behavior: 'none' },
      { idempotencyKey: `trial-${subscriptionId}-${until}` },
    ),
  );
}

/** The one item we sell. @throws ProviderRefused `not_possible` once the subscription has ended */
async function findItem(client: StripeClient, id: string): Promise<Stripe.SubscriptionItem> {
  const subscription = await client.call((stripe) => stripe.subscriptions.retrieve(id));
  const [item] = subscription.items.data;
  if (!item || subscription.ended_at !== null) {
    throw new ProviderRefused('not_possible', `Stripe: the subscription ${id} is over`);
  }
  return item;
}

/** The customer an object belongs to, by the kind its id tells. */
export async function customerOf(client: StripeClient, objectId: string): Promise<string | null> {
  const [kind] = objectId.split('_', 1);
  if (kind === 'cus') return objectId;
  const ask = READERS[kind ?? ''];
  if (!ask) return null;
  const found = await client.find((stripe) => ask(stripe, objectId));
  return idOf(found?.customer);
}

type Owned = { customer: string | { id: string } | null };

const READERS: Readonly<Record<string, (stripe: Stripe, id: string) => Promise<Owned>>> = {
  sub: (stripe, id) => stripe.subscriptions.retrieve(id),
  in: (stripe, id) => stripe.invoices.retrieve(id),
  cs: (stripe, id) => stripe.checkout.sessions.retrieve(id),
  pi: (stripe, id) => stripe.paymentIntents.retrieve(id),
  pm: (stripe, id) => stripe.paymentMethods.retrieve(id),
  cn: (stripe, id) => stripe.creditNotes.retrieve(id),
};
