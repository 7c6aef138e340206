import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { AppConfig } from '../../core/config/config.js';
import { PLANS } from '../catalogue/plans.js';
import type { CustomerState, ProviderInvoice } from '../provider/customer-state.js';
import type {
  ChangePreview,
  CheckoutOrder,
  CustomerDetails,
  HostedCheckout,
  PaymentProvider,
  ProviderNotification,
  ProviderPrice,
  SeatChange,
  SubscriptionChange,
} from '../provider/payment-provider.js';
import { NotificationRefused, ProviderRefused } from '../provider/provider-errors.js';
import type { SandboxSubscription } from './sandbox-account.js';
import { prorated, untaxed, vatOf } from './sandbox-amounts.js';
import { end, happened } from './sandbox-engine.js';
import { requireSignature } from './sandbox-signature.js';
import { byOurClock, customerState, type Viewpoint } from './sandbox-state.js';
import { nowBy, Sandbox } from './sandbox.js';

/** The sandbox behind the port: what an application sees of it. */
@Injectable()
export class SandboxProvider implements PaymentProvider {
  readonly name = 'sandbox';
  readonly isLive = false;

  constructor(
    private readonly config: AppConfig,
    private readonly sandbox: Sandbox,
  ) {}

  async ensureCustomer(customer: CustomerDetails): Promise<string> {
    await this.sandbox.requireUp();
    return this.sandbox.open(customer);
  }

  async startCheckout(order: CheckoutOrder): Promise<HostedCheckout> {
    await this.sandbox.requireUp();
    const { checkout, ahead } = await this.sandbox.startCheckout(order);
    const { id, expiresAt } = checkout;
    const url = `${this.config.appUrl}/dev/billing/checkout/${id}/`;
    return { id, url, expiresAt: byOurClock(expiresAt, { ahead }) };
  }

  async abandonCheckout(checkoutId: string): Promise<void> {
    await this.sandbox.requireUp();
    await this.sandbox.abandon(checkoutId);
  }

  async portalUrl(customerId: string): Promise<string> {
    await this.sandbox.requireUp();
    return `${this.config.appUrl}/dev/billing/portal/${customerId}/`;
  }

  async fetchCustomerState(customerId: string): Promise<CustomerState | null> {
    const fetchedAt = new Date();
    await this.sandbox.requireUp();
    const read = await this.sandbox.readByClock(customerId);
    return read && customerState(read.account, fetchedAt, this.view(read.ahead));
  }

  async invoices(customerId: string): Promise<readonly ProviderInvoice[]> {
    return (await this.fetchCustomerState(customerId))?.invoices ?? [];
  }

  async previewChange({
    subscriptionId,
    price,
    seats,
  }: SubscriptionChange): Promise<ChangePreview> {
    await this.sandbox.requireUp();
    const owner = await this.sandbox.ownerByClock(subscriptionId);
    const one = owner?.account.subscriptions.find(({ id }) => id === subscriptionId);
    if (!owner || !one) throw noSubscription(subscriptionId);
    const { account, ahead } = owner;
    const { amount, currency } = price.unitPrice;
    const now = nowBy(owner);
    const due = prorated(one, { unitAmount: amount, quantity: seats }, now);
    return {
      now: { amount: due, currency },
      next: { amount: amount * BigInt(seats), currency },
      nextAt: byOurClock(one.periodEnd, { ahead }),
      vat: { amount: vatOf(account, due, now), currency },
    };
  }

  async changePlan({ subscriptionId, price, seats, revision }: SubscriptionChange): Promise<void> {
    await this.sandbox.requireUp();
    const key = `plan ${price.key} ${seats} ${revision}`;
    await this.sandbox.changeSubscription(subscriptionId, key, (one, account, { now }) => {
      requireLiving(one);
      const { amount } = price.unitPrice;
      prorate(one, { unitAmount: amount, quantity: seats }, now);
      one.priceKey = price.key;
      one.interval = price.interval;
      one.unitAmount = amount.toString();
      one.quantity = seats;
      return [happened('customer.subscription.updated', one)];
    });
  }

  async setSeats({ subscriptionId, seats, revision }: SeatChange): Promise<void> {
    await this.sandbox.requireUp();
    const key = `seats ${seats} ${revision}`;
    await this.sandbox.changeSubscription(subscriptionId, key, (one, account, { now }) => {
      requireLiving(one);
      if (one.quantity === seats) return [];
      prorate(one, { unitAmount: BigInt(one.unitAmount), quantity: seats }, now);
      one.quantity = seats;
      return [happened('customer.subscription.updated', one)];
    });
  }

  cancel(subscriptionId: string): Promise<void> {
    return this.setCancelled(subscriptionId, true);
  }

  resume(subscriptionId: string): Promise<void> {
    return this.setCancelled(subscriptionId, false);
  }

  async cancelAndRefund(subscriptionId: string): Promise<void> {
    await this.sandbox.requireUp();
    await this.sandbox.changeSubscription(subscriptionId, null, (one, account, { now }) => {
      if (one.endedAt !== null) return [];
      const refunded = account.invoices.filter(
        (invoice) => invoice.subscriptionId === one.id && invoice.status === 'paid',
      );
      for (const invoice of refunded) invoice.status = 'void';
      const given = refunded.map((invoice) => happened('charge.refunded', invoice));
      return [...end(account, one, now), ...given];
    });
  }

  async extendTrial(subscriptionId: string, until: Date): Promise<void> {
    await this.sandbox.requireUp();
    await this.sandbox.changeSubscription(subscriptionId, null, (one, _account, { ahead }) => {
      if (one.status !== 'trialing') throw notPossible('There is no trial to extend');
      one.trialEndsAt = new Date(+until + ahead).toISOString();
      one.periodEnd = one.trialEndsAt;
      return [happened('customer.subscription.updated', one)];
    });
  }

  parseNotification(rawBody: Buffer, headers: IncomingHttpHeaders): Promise<ProviderNotification> {
    return new Promise((resolve) => {
      requireSignature(rawBody, headers, [this.config.secret]);
      resolve(readNotification(rawBody));
    });
  }

  /** Each of them names its customer. */
  customerOf({ customerId }: ProviderNotification): Promise<string | null> {
    return Promise.resolve(customerId);
  }

  async *customers(): AsyncIterable<{ customerId: string; tenantId: string | null }> {
    await this.sandbox.requireUp();
    for (const { id, tenantId } of await this.sandbox.all()) yield { customerId: id, tenantId };
  }

  async *undelivered(since: Date): AsyncIterable<ProviderNotification> {
    await this.sandbox.requireUp();
    for (const { id, type, objectId, customerId, createdAt } of await this.sandbox.undelivered(
      since,
    )) {
      const isLive = false;
      yield { eventId: id, type, objectId, customerId, isLive, createdAt: new Date(createdAt) };
    }
  }

  /** The sandbox sells what the catalogue says. */
  async prices(): Promise<readonly ProviderPrice[]> {
    await this.sandbox.requireUp();
    return PLANS.flatMap(({ prices }) => prices).map(({ key, plan, unitPrice, interval }) => ({
      ...{ lookupKey: key, planKey: plan, unitPrice, interval, isActive: true },
    }));
  }

  private async setCancelled(subscriptionId: string, isCancelled: boolean): Promise<void> {
    await this.sandbox.requireUp();
    await this.sandbox.changeSubscription(subscriptionId, null, (one, _account, { now }) => {
      requireLiving(one);
      if (one.cancelsAtPeriodEnd === isCancelled) return [];
      one.cancelsAtPeriodEnd = isCancelled;
      one.canceledAt = isCancelled ? now.toISOString() : null;
      return [happened('customer.subscription.updated', one)];
    });
  }

  private view(ahead: number): Viewpoint {
    return { base: this.config.appUrl, ahead };
  }
}

function requireLiving(one: SandboxSubscription): void {
  if (one.endedAt !== null) throw notPossible('The subscription has ended');
}

/** What the change costs is added to the next invoice. */
function prorate(
  one: SandboxSubscription,
  changed: { unitAmount: bigint; quantity: number },
  now: Date,
): void {
  const due = prorated(one, changed, now);
  if (due === 0n) return;
  const period = { periodStart: now.toISOString(), periodEnd: one.periodEnd };
  const net = due.toString();
  one.pending.push(untaxed({ description: 'proration', quantity: 1, net, ...period }));
}

function noSubscription(id: string): ProviderRefused {
  return new ProviderRefused('not_found', `There is no subscription ${id}`);
}

function notPossible(message: string): ProviderRefused {
  return new ProviderRefused('not_possible', message);
}

/** @throws NotificationRefused `malformed` */
function readNotification(body: Buffer): ProviderNotification {
  const sent = parse(body);
  const [eventId, type, objectId] = [text(sent.id), text(sent.type), text(sent.object_id)];
  const createdAt = new Date(text(sent.created_at) ?? '');
  if (!eventId || !type || !objectId || Number.isNaN(+createdAt)) {
    throw new NotificationRefused('malformed');
  }
  const customerId = text(sent.customer_id);
  return { eventId, type, objectId, customerId, isLive: sent.live === true, createdAt };
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    const sent: unknown = JSON.parse(body.toString('utf8'));
    if (typeof sent === 'object' && sent !== null) return sent as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new NotificationRefused('malformed');
}

function text(value: unknown): string | null {
  return typeof value === 'string' && /^[\x21-\x7e]{1,255}$/.test(value) ? value : null;
}
