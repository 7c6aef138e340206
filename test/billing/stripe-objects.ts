import type Stripe from 'stripe';

/**
 * Objects as Stripe answers them. Each `satisfies` its type of the SDK: where an upgrade changes what is read of
 * them, this no longer compiles.
 */

export const now = () => Math.floor(Date.now() / 1000);
export const DAY = 86_400;

let count = 0;
export const newId = (kind: string) => `${kind}_${String(++count).padStart(14, '0')}`;

export function customer(given: Partial<Stripe.Customer>) {
  return {
    id: newId('cus'),
    object: 'customer',
    address: null,
    balance: 0,
    created: now(),
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: 'ABC',
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: null,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
    ...given,
  } satisfies Stripe.Customer;
}

export function price(given: Partial<Stripe.Price>) {
  return {
    id: newId('price'),
    object: 'price',
    active: true,
    billing_scheme: 'per_unit',
    created: now(),
    currency: 'eur',
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product: 'prod_1',
    recurring: {
      interval: 'month',
      interval_count: 1,
      meter: null,
      trial_period_days: null,
      usage_type: 'licensed',
    },
    tax_behavior: 'exclusive',
    tiers_mode: null,
    transform_quantity: null,
    type: 'recurring',
    unit_amount: 1200,
    unit_amount_decimal: null,
    ...given,
  } satisfies Stripe.Price;
}

export function card() {
  return {
    id: newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'always',
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    card: {
      brand: 'visa',
      checks: null,
      country: 'BE',
      display_brand: 'visa',
      exp_month: 12,
      exp_year: 2030,
      funding: 'credit',
      generated_from: null,
      last4: '4242',
      networks: null,
      regulated_status: null,
      three_d_secure_usage: null,
      wallet: null,
    },
    created: now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  } satisfies Stripe.PaymentMethod;
}

export function taxId(customer: string, type: Stripe.TaxId.Type, value: string) {
  return {
    id: newId('txi'),
    object: 'tax_id',
    country: value.slice(0, 2),
    created: now(),
    customer,
    customer_account: null,
    livemode: false,
    owner: null,
    type,
    value,
    verification: null,
  } satisfies Stripe.TaxId;
}

export interface Sold {
  customer: string;
  price: Stripe.Price;
  quantity: number;
  metadata: Record<string, string>;
  trialDays: number;
}

export function subscription(sold: Sold) {
  const id = newId('sub');
  const start = now();
  const isTrial = sold.trialDays > 0;
  const length = sold.price.recurring?.interval === 'year' ? 365 * DAY : 30 * DAY;
  const end = start + (isTrial ? sold.trialDays * DAY : length);
  const item = {
    id: newId('si'),
    object: 'subscription_item',
    billing_thresholds: null,
    created: start,
    current_period_end: end,
    current_period_start: start,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(sold.price),
    price: sold.price,
    quantity: sold.quantity,
    subscription: id,
    tax_rates: [],
  } satisfies Stripe.SubscriptionItem;
  return {
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: true, liability: null },
    billing_cycle_anchor: start,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: null, type: 'flexible' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: null,
    collection_method: 'charge_automatically',
    created: start,
    currency: sold.price.currency,
    customer: sold.customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: null,
    default_source: null,
    description: null,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: list([item]),
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: sold.metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: null,
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: start,
    status: isTrial ? 'trialing' : 'active',
    test_clock: null,
    transfer_data: null,
    trial_end: isTrial ? end : null,
    trial_settings: null,
    trial_start: isTrial ? start : null,
  } satisfies Stripe.Subscription;
}

export interface Billed {
  subscription: Stripe.Subscription;
  net: number;
  vat: number;
  status: 'open' | 'paid';
}

export function invoice({ subscription: sub, net, vat, status }: Billed) {
  const at = now();
  const id = newId('in');
  const isPaid = status === 'paid';
  const tax = {
    amount: vat,
    tax_behavior: 'exclusive',
    tax_rate_details: { tax_rate: 'txr_1' },
    taxability_reason: 'standard_rated',
    taxable_amount: net,
    type: 'tax_rate_details',
  } as const;
  const line = {
    id: newId('il'),
    object: 'line_item',
    amount: net,
    currency: sub.currency,
    description: '3 × Team (at €12.00 / month)',
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice: id,
    livemode: false,
    metadata: {},
    parent: null,
    period: { start: at, end: at + 30 * DAY },
    pretax_credit_amounts: [],
    pricing: null,
    quantity: 3,
    quantity_decimal: null,
    subscription: sub.id,
    subtotal: net,
    taxes: [tax],
  } satisfies Stripe.InvoiceLineItem;
  return {
    ...PLAIN_INVOICE,
    id,
    amount_due: net + vat,
    amount_paid: isPaid ? net + vat : 0,
    amount_remaining: isPaid ? 0 : net + vat,
    attempt_count: 1,
    attempted: true,
    created: at,
    currency: sub.currency,
    customer: typeof sub.customer === 'string' ? sub.customer : sub.customer.id,
    effective_at: at,
    hosted_invoice_url: `https://invoice.stripe.com/i/${id}`,
    invoice_pdf: `https://pay.stripe.com/invoice/${id}/pdf`,
    lines: list([line]),
    next_payment_attempt: isPaid ? null : at + 3 * DAY,
    number: `ABC-${id.slice(-4)}`,
    parent: {
      quote_details: null,
      subscription_details: { metadata: null, subscription: sub.id },
      type: 'subscription_details',
    },
    period_end: at,
    period_start: at,
    status,
    status_transitions: {
      finalized_at: at,
      marked_uncollectible_at: null,
      paid_at: isPaid ? at : null,
      voided_at: null,
    },
    subtotal: net,
    subtotal_excluding_tax: net,
    total: net + vat,
    total_excluding_tax: net,
    total_taxes: [tax],
  } satisfies Stripe.Invoice;
}

/** What no test looks at. */
const PLAIN_INVOICE = {
  object: 'invoice' as const,
  account_country: 'BE',
  account_name: null,
  account_tax_ids: null,
  amount_overpaid: 0,
  amount_shipping: 0,
  application: null,
  automatic_tax: {
    disabled_reason: null,
    enabled: true,
    liability: null,
    provider: 'stripe',
    status: 'complete' as const,
  },
  automatically_finalizes_at: null,
  billing_reason: 'subscription_cycle' as const,
  collection_method: 'charge_automatically' as const,
  custom_fields: null,
  customer_account: null,
  customer_address: null,
  customer_email: null,
  customer_name: null,
  customer_phone: null,
  customer_shipping: null,
  customer_tax_exempt: null,
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  due_date: null,
  ending_balance: 0,
  footer: null,
  from_invoice: null,
  issuer: { type: 'self' as const },
  last_finalization_error: null,
  latest_revision: null,
  livemode: false,
  metadata: {},
  on_behalf_of: null,
  payment_settings: {
    default_mandate: null,
    payment_method_options: null,
    payment_method_types: null,
  },
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  starting_balance: 0,
  statement_descriptor: null,
  test_clock: null,
  total_discount_amounts: [],
  total_pretax_credit_amounts: [],
  webhooks_delivered_at: null,
};

export function checkoutSession(given: Partial<Stripe.Checkout.Session>) {
  const id = newId('cs_test');
  return {
    id,
    object: 'checkout.session',
    adaptive_pricing: null,
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: null,
    amount_total: null,
    automatic_tax: { enabled: true, liability: null, provider: null, status: null },
    billing_address_collection: 'required',
    cancel_url: null,
    client_reference_id: null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: now(),
    currency: 'eur',
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: null,
    customer_account: null,
    customer_creation: null,
    customer_details: null,
    customer_email: null,
    discounts: null,
    expires_at: now() + DAY,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: null,
    managed_payments: null,
    metadata: {},
    mode: 'subscription',
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    payment_status: 'unpaid',
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: null,
    subscription: null,
    success_url: null,
    total_details: null,
    ui_mode: 'hosted_page',
    url: `https://checkout.stripe.com/c/pay/${id}`,
    wallet_options: null,
    ...given,
  } satisfies Stripe.Checkout.Session;
}

export function portalSession(customerId: string, returnUrl: string) {
  const id = newId('bps');
  return {
    id,
    object: 'billing_portal.session',
    configuration: 'bpc_1',
    created: now(),
    customer: customerId,
    customer_account: null,
    flow: null,
    livemode: false,
    locale: null,
    on_behalf_of: null,
    return_url: returnUrl,
    url: `https://billing.stripe.com/p/session/${id}`,
  } satisfies Stripe.BillingPortal.Session;
}

export function creditNote(credited: Stripe.Invoice, amount: number) {
  return {
    id: newId('cn'),
    object: 'credit_note',
    amount,
    amount_shipping: 0,
    created: now(),
    currency: credited.currency,
    customer: credited.customer ?? '',
    customer_account: null,
    customer_balance_transaction: null,
    discount_amount: 0,
    discount_amounts: [],
    effective_at: now(),
    invoice: credited.id,
    lines: list<Stripe.CreditNoteLineItem>([]),
    livemode: false,
    memo: null,
    metadata: {},
    number: 'ABC-CN-1',
    out_of_band_amount: null,
    pdf: '',
    post_payment_amount: amount,
    pre_payment_amount: 0,
    pretax_credit_amounts: [],
    reason: 'duplicate',
    refunds: [],
    shipping_cost: null,
    status: 'issued',
    subtotal: amount,
    subtotal_excluding_tax: null,
    total: amount,
    total_excluding_tax: null,
    total_taxes: [],
    type: 'post_payment',
    voided_at: null,
  } satisfies Stripe.CreditNote;
}

export function list<T>(data: T[], hasMore = false) {
  return { object: 'list' as const, data, has_more: hasMore, url: '/v1/list' };
}

function planOf({ id, unit_amount }: Stripe.Price) {
  return {
    id,
    object: 'plan',
    active: true,
    amount: unit_amount,
    amount_decimal: null,
    billing_scheme: 'per_unit',
    created: now(),
    currency: 'eur',
    interval: 'month',
    interval_count: 1,
    livemode: false,
    metadata: {},
    meter: null,
    nickname: null,
    product: 'prod_1',
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  } satisfies Stripe.Plan;
}
