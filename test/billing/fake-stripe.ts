import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type Stripe from 'stripe';
import { PLANS } from '../../src/billing/catalogue/plans.js';
import { readForm, type Form } from './stripe-form.js';
import * as objects from './stripe-objects.js';

export interface Asked {
  method: string;
  path: string;
  key: string | undefined;
  form: Form;
}

/** What Stripe answers instead, once for each time it is asked. */
export interface Trouble {
  status: number;
  error?: Partial<Stripe.StripeRawError>;
  headers?: Record<string, string>;
  /** Milliseconds before it answers. */
  after?: number;
}

type Answer = object | undefined;
type Route = (asked: Asked, id: string) => Answer;

/** Stripe in memory, as far as we use it: the SDK talks to it over HTTP. */
export class FakeStripe {
  readonly asked: Asked[] = [];
  readonly prices: Stripe.Price[] = PLANS.flatMap(({ prices }) => prices).map((price) =>
    objects.price({
      lookup_key: price.key,
      unit_amount: Number(price.unitPrice.amount),
      currency: price.unitPrice.currency.toLowerCase(),
      recurring: {
        interval: price.interval,
        interval_count: 1,
        meter: null,
        trial_period_days: null,
        usage_type: 'licensed',
      },
    }),
  );
  readonly customers = new Map<string, Stripe.Customer>();
  readonly taxIds = new Map<string, Stripe.TaxId>();
  readonly deleted = new Set<string>();
  readonly sessions = new Map<string, Stripe.Checkout.Session>();
  readonly subscriptions = new Map<string, Stripe.Subscription>();
  readonly invoices = new Map<string, Stripe.Invoice>();
  readonly creditNotes: Stripe.CreditNote[] = [];
  readonly events: object[] = [];
  trouble: Trouble | null = null;
  /** For what changes something only. */
  troubleOnWrite: Trouble | null = null;
  url = '';

  private readonly answers = new Map<string, Answer>();
  private readonly orders = new Map<
    string,
    { price: string; quantity: number; trialDays: number }
  >();
  private readonly server = createServer((req, res) => void this.take(req, res));

  async start(): Promise<this> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    const { port } = this.server.address() as { port: number };
    this.url = `http://127.0.0.1:${port}`;
    return this;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  /** The payer fills in a card that works, or, in a trial, none. */
  pay(sessionId: string, options: { withCard?: boolean } = {}): Stripe.Subscription {
    const session = this.sessions.get(sessionId)!;
    const order = this.orders.get(sessionId)!;
    const sub: Stripe.Subscription = objects.subscription({
      customer: session.customer as string,
      price: this.prices.find(({ id }) => id === order.price)!,
      quantity: order.quantity,
      metadata: session.metadata ?? {},
      trialDays: order.trialDays,
    });
    if (options.withCard ?? true) sub.default_payment_method = objects.card();
    this.subscriptions.set(sub.id, sub);
    if (order.trialDays === 0) this.bill(sub, 'paid');
    Object.assign(session, { status: 'complete', subscription: sub.id });
    return sub;
  }

  bill(sub: Stripe.Subscription, status: 'open' | 'paid'): Stripe.Invoice {
    const [item] = sub.items.data;
    const net = (item!.price.unit_amount ?? 0) * (item!.quantity ?? 1);
    const made = objects.invoice({ subscription: sub, net, vat: Math.round(net * 0.21), status });
    this.invoices.set(made.id, made);
    sub.latest_invoice = made;
    sub.status = status === 'open' ? 'past_due' : 'active';
    return made;
  }

  /** The payer gives a card that works, and what is open is paid with it. */
  settle(sub: Stripe.Subscription): void {
    const latest = sub.latest_invoice as Stripe.Invoice;
    Object.assign(latest, { status: 'paid', amount_paid: latest.total, amount_remaining: 0 });
    latest.status_transitions.paid_at = objects.now();
    sub.status = 'active';
  }

  private async take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of req) body += String(chunk);
    const { pathname, search } = new URL(req.url ?? '/', this.url);
    const key = req.headers['idempotency-key'] as string | undefined;
    const form = readForm(req.method === 'GET' ? search.slice(1) : body);
    const asked = { method: req.method ?? '', path: pathname, key, form };
    this.asked.push(asked);
    const trouble = this.trouble ?? (req.method === 'GET' ? null : this.troubleOnWrite);
    if (trouble) {
      const send = () =>
        reply(
          res,
          trouble.status,
          { error: { message: 'Trouble', ...trouble.error } },
          trouble.headers,
        );
      return void setTimeout(send, trouble.after ?? 0).unref();
    }
    const answer = key && this.answers.has(key) ? this.answers.get(key) : this.answer(asked);
    if (key && answer) this.answers.set(key, answer);
    if (answer) return reply(res, 200, answer);
    const missing = {
      type: 'invalid_request_error',
      code: 'resource_missing',
      message: 'No such object',
    };
    reply(res, 404, { error: missing });
  }

  private answer(asked: Asked): Answer {
    for (const [pattern, route] of this.routes) {
      const [method, path] = pattern.split(' ') as [string, string];
      const matched = new RegExp(`^/v1/${path.replace(':id', '([\\w]+)')}$`).exec(asked.path);
      if (method === asked.method && matched) return route(asked, matched[1] ?? '');
    }
    throw new Error(`Nobody answers ${asked.method} ${asked.path}`);
  }

  private readonly routes: [string, Route][] = [
    ['GET customers/search', ({ form }) => objects.list(this.searched(text(form.query)))],
    ['POST customers', ({ form }) => this.addCustomer(form)],
    ['GET customers', () => objects.list([...this.customers.values()])],
    ['GET customers/:id', (_, id) => this.customer(id)],
    ['POST customers/:id', ({ form }, id) => this.changeCustomer(id, form)],
    ['GET customers/:id/tax_ids', (_, id) => objects.list(this.taxIdsOf(id))],
    ['POST customers/:id/tax_ids', ({ form }, id) => this.addTaxId(id, form)],
    ['DELETE customers/\\w+/tax_ids/:id', (_, id) => this.dropTaxId(id)],
    ['GET prices', ({ form }) => objects.list(this.listedPrices(form))],
    ['POST checkout/sessions', ({ form }) => this.addSession(form)],
    ['GET checkout/sessions/:id', (_, id) => this.sessions.get(id)],
    ['POST checkout/sessions/:id/expire', (_, id) => this.expire(id)],
    ['GET subscriptions', ({ form }) => objects.list(this.owned(this.subscriptions, form))],
    ['GET subscriptions/:id', (_, id) => this.subscriptions.get(id)],
    ['POST subscriptions/:id', ({ form }, id) => this.update(id, form)],
    ['DELETE subscriptions/:id', (_, id) => this.end(id)],
    ['GET invoices', ({ form }) => paged(this.listedInvoices(form), form)],
    ['GET invoices/:id', (_, id) => this.invoices.get(id)],
    ['POST invoices/create_preview', ({ form }) => this.preview(form)],
    [
      'POST billing_portal/sessions',
      ({ form }) => objects.portalSession(text(form.customer), text(form.return_url)),
    ],
    ['POST credit_notes', ({ form }) => this.credit(form)],
    ['GET events', () => objects.list(this.events)],
  ];

  private searched(query: string): Stripe.Customer[] {
    const tenant = /metadata\['tenant_id'\]:'([^']+)'/.exec(query)?.[1];
    return [...this.customers.values()].filter(({ metadata }) => metadata.tenant_id === tenant);
  }

  private addCustomer(form: Form): Stripe.Customer {
    const made = objects.customer({
      name: text(form.name),
      email: text(form.email),
      metadata: form.metadata as Stripe.Metadata,
    });
    this.customers.set(made.id, made);
    return made;
  }

  private changeCustomer(id: string, form: Form): Answer {
    const known = this.customers.get(id);
    if (!known) return undefined;
    if (form.name) known.name = text(form.name);
    if (form.email) known.email = text(form.email);
    if (form.address) {
      const given = form.address as Partial<Stripe.Address>;
      const none = { city: null, country: null, line1: null, line2: null, postal_code: null };
      known.address = { ...none, state: null, ...known.address, ...given };
    }
    return known;
  }

  taxIdsOf(customerId: string): Stripe.TaxId[] {
    return [...this.taxIds.values()].filter(({ customer }) => customer === customerId);
  }

  private addTaxId(customerId: string, form: Form): Stripe.TaxId {
    const made = objects.taxId(customerId, form.type as Stripe.TaxId.Type, text(form.value));
    this.taxIds.set(made.id, made);
    return made;
  }

  private dropTaxId(id: string): Stripe.DeletedTaxId {
    this.taxIds.delete(id);
    return { id, object: 'tax_id', deleted: true };
  }

  private customer(id: string): Answer {
    if (this.deleted.has(id)) {
      return { id, object: 'customer', deleted: true } satisfies Stripe.DeletedCustomer;
    }
    return this.customers.get(id);
  }

  private listedPrices({ lookup_keys: keys }: Form): Stripe.Price[] {
    if (!keys) return this.prices;
    const wanted = Object.values(keys);
    return this.prices.filter((it) => it.active && it.lookup_key && wanted.includes(it.lookup_key));
  }

  private addSession(form: Form): Stripe.Checkout.Session {
    const made = objects.checkoutSession({
      customer: text(form.customer),
      metadata: form.metadata as Stripe.Metadata,
      success_url: text(form.success_url),
      cancel_url: text(form.cancel_url),
    });
    const [line] = Object.values(form.line_items as Record<string, Form>);
    const data = form.subscription_data as Form;
    this.orders.set(made.id, {
      price: text(line!.price),
      quantity: Number(line!.quantity),
      trialDays: Number(data.trial_period_days ?? 0),
    });
    this.sessions.set(made.id, made);
    return made;
  }

  private expire(id: string): Answer {
    const session = this.sessions.get(id);
    if (session) session.status = 'expired';
    return session;
  }

  private update(id: string, form: Form): Answer {
    const sub = this.subscriptions.get(id);
    if (!sub) return undefined;
    const [item] = sub.items.data;
    const [change] = Object.values((form.items ?? {}) as Record<string, Form>);
    if (change?.quantity) item!.quantity = Number(change.quantity);
    if (change?.price) item!.price = this.prices.find((it) => it.id === change.price)!;
    if (form.cancel_at_period_end) {
      sub.cancel_at_period_end = form.cancel_at_period_end === 'true';
      sub.cancel_at = sub.cancel_at_period_end ? item!.current_period_end : null;
    }
    if (form.trial_end) {
      sub.trial_end = Number(form.trial_end);
      item!.current_period_end = sub.trial_end;
    }
    return sub;
  }

  private end(id: string): Answer {
    const sub = this.subscriptions.get(id);
    const at = objects.now();
    if (sub) Object.assign(sub, { status: 'canceled', ended_at: at, canceled_at: at });
    return sub;
  }

  private listedInvoices(form: Form): Stripe.Invoice[] {
    return this.owned(this.invoices, form)
      .filter((it) => !form.status || it.status === form.status)
      .filter(
        (it) =>
          !form.subscription || it.parent?.subscription_details?.subscription === form.subscription,
      );
  }

  private preview(form: Form): Answer {
    const sub = this.subscriptions.get(text(form.subscription));
    return sub && objects.invoice({ subscription: sub, net: 1200, vat: 252, status: 'open' });
  }

  private credit(form: Form): Answer {
    const credited = this.invoices.get(text(form.invoice));
    if (!credited) return undefined;
    const note = objects.creditNote(credited, Number(form.amount));
    credited.post_payment_credit_notes_amount += note.amount;
    this.creditNotes.push(note);
    return note;
  }

  private owned<T extends { customer: unknown }>(all: Map<string, T>, { customer }: Form): T[] {
    return [...all.values()].filter((it) => !customer || it.customer === customer).reverse();
  }
}

/** A value that is no group of others. */
function text(value: string | Form | undefined): string {
  return typeof value === 'string' ? value : '';
}

function reply(res: ServerResponse, status: number, body: object, headers = {}): void {
  res
    .writeHead(status, { 'Content-Type': 'application/json', 'Request-Id': 'req_1', ...headers })
    .end(JSON.stringify(body));
}

/** A page of a list, as Stripe cuts it. */
function paged<T extends { id: string }>(all: T[], { starting_after: after, limit }: Form) {
  const start = all.findIndex(({ id }) => id === after) + 1;
  const end = start + Number(limit ?? 10);
  return objects.list(all.slice(start, end), end < all.length);
}
