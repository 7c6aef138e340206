import type Stripe from 'stripe';
import type { BillingInterval } from '../catalogue/plan.js';
import type {
  CustomerState,
  PaymentMethodState,
  ProviderSubscription,
} from '../provider/customer-state.js';
import { readSubscriptionStatus } from '../provider/subscription-status.js';
import { readInvoice } from './stripe-invoices.js';
import { CHECKOUT, TENANT } from './stripe-metadata.js';
import { dateOf, expanded, moneyOf } from './stripe-values.js';

/** What Stripe answers about one customer. */
export interface StripeAnswers {
  customer: Stripe.Customer | Stripe.DeletedCustomer;
  subscriptions: readonly Stripe.Subscription[];
  invoices: readonly Stripe.Invoice[];
  fetchedAt: Date;
}

export function readCustomer(answers: StripeAnswers): CustomerState {
  const { customer, subscriptions, invoices, fetchedAt } = answers;
  return {
    customerId: customer.id,
    tenantId: customer.deleted ? null : (customer.metadata[TENANT] ?? null),
    isDeleted: customer.deleted === true,
    paymentMethod: paymentMethodOf(customer, subscriptions),
    subscriptions: subscriptions.flatMap((subscription) => readSubscription(subscription)),
    invoices: invoices.map(readInvoice),
    fetchedAt,
  };
}

/** None where it has no items: we make none like that. */
function readSubscription(subscription: Stripe.Subscription): ProviderSubscription[] {
  const [item] = subscription.items.data;
  if (!item) return [];
  const status = readSubscriptionStatus(subscription.status);
  const latest = expanded(subscription.latest_invoice);
  const isUnpaid = latest?.status === 'open';
  return [
    {
      id: subscription.id,
      status,
      rawStatus: subscription.status,
      priceKey: item.price.lookup_key,
      interval: intervalOf(item.price),
      quantity: item.quantity ?? 1,
      unitPrice: moneyOf(item.price.unit_amount ?? 0, item.price.currency),
      startedAt: dateOf(subscription.start_date),
      currentPeriodStart: dateOf(item.current_period_start),
      currentPeriodEnd: dateOf(item.current_period_end),
      trialEndsAt: dateOf(subscription.trial_end),
      cancelAt: subscription.cancel_at_period_end
        ? dateOf(subscription.cancel_at ?? item.current_period_end)
        : dateOf(subscription.cancel_at),
      canceledAt: dateOf(subscription.canceled_at),
      endedAt: dateOf(subscription.ended_at),
      pastDueSince:
        isUnpaid && OWING.has(status)
          ? dateOf(latest.status_transitions.finalized_at ?? latest.created)
          : null,
      // The hosted page of the invoice asks for 3-D Secure, and for another card.
      confirmationUrl: isUnpaid ? (latest.hosted_invoice_url ?? null) : null,
      checkoutId: subscription.metadata[CHECKOUT] ?? null,
    },
  ];
}

const OWING: ReadonlySet<string> = new Set(['past_due', 'unpaid']);

/** Weeks and days are not sold: a price that we did not make may have them. */
function intervalOf({ recurring }: Stripe.Price): BillingInterval {
  return recurring?.interval === 'year' ? 'year' : 'month';
}

function paymentMethodOf(
  customer: StripeAnswers['customer'],
  subscriptions: readonly Stripe.Subscription[],
): PaymentMethodState {
  const methods = subscriptions
    .filter(({ ended_at }) => ended_at === null)
    .map(({ default_payment_method }) => expanded(default_payment_method));
  const ofCustomer = customer.deleted
    ? null
    : expanded(customer.invoice_settings.default_payment_method);
  const method = methods.find((it) => it !== null) ?? ofCustomer;
  if (!method) return { kind: 'none', label: null };
  return { kind: hasFailed(subscriptions) ? 'card_failed' : 'known', label: labelOf(method) };
}

function hasFailed(subscriptions: readonly Stripe.Subscription[]): boolean {
  return subscriptions.some(({ status, latest_invoice }) => {
    const latest = expanded(latest_invoice);
    return status === 'past_due' && latest?.status === 'open' && latest.attempt_count > 0;
  });
}

function labelOf({ card, type, sepa_debit: debit }: Stripe.PaymentMethod): string {
  if (card) return `${capital(card.brand)} •••• ${card.last4}`;
  if (debit?.last4) return `SEPA •••• ${debit.last4}`;
  return capital(type.replaceAll('_', ' '));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
