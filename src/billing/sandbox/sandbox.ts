import { Injectable } from '@nestjs/common';
import { billingRole } from '../../core/database/privileged/billing.role.js';
import { UnitOfWork } from '../../core/database/unit-of-work.js';
import { priceOf } from '../catalogue/catalogue.js';
import type { CheckoutOrder, CustomerDetails } from '../provider/payment-provider.js';
import { ProviderRefused, ProviderUnavailable } from '../provider/provider-errors.js';
import type {
  SandboxAccount,
  SandboxCard,
  SandboxCheckout,
  SandboxEvent,
  SandboxSubscription,
} from './sandbox-account.js';
import { elapse, newId, payOpen, subscribe } from './sandbox-engine.js';
import {
  SandboxRepository,
  type SandboxNotification,
  type SandboxSettings,
} from './sandbox.repository.js';

/** A day: as long as a checkout can be paid. */
const CHECKOUT_MS = 24 * 3600 * 1000;

/** An account as it is by the sandbox's clock, and how far that was ahead then, in milliseconds. */
export interface AccountByClock {
  account: SandboxAccount;
  ahead: number;
}

/** What the clock of the sandbox shows, and how far it is ahead, in milliseconds. */
export interface Clock {
  now: Date;
  ahead: number;
}

/**
 * The sandbox itself: a payment provider in miniature, with a clock of its own, whose books are in the
 * database, so that they outlive the process and every process sees the same. Each call is one transaction,
 * and what happens in it is told in a notification.
 */
@Injectable()
export class Sandbox {
  /** Called when something is to be told: see `SandboxDelivery`. */
  onNotification: () => void = () => undefined;

  constructor(
    private readonly books: SandboxRepository,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  settings(): Promise<SandboxSettings> {
    return this.asSandbox(() => this.books.settings());
  }

  /** Changes what is given. With the clock set forward, everything that is due by then happens. */
  configure(change: Partial<SandboxSettings>): Promise<void> {
    return this.asSandbox(async () => {
      const settings = { ...(await this.books.settings()), ...change };
      settings.ahead = Math.max(0, settings.ahead);
      await this.books.setSettings(settings);
      if (change.ahead === undefined) return;
      for (const account of await this.books.accounts()) {
        // Dates are told by another clock from now on: that alone is worth telling.
        const travelled = { type: 'customer.updated', objectId: account.id };
        await this.keep(account, [...elapse(account, nowBy(settings)), travelled], settings);
      }
    });
  }

  /** @throws ProviderUnavailable where it was told not to answer */
  async requireUp(): Promise<void> {
    const { isDown } = await this.settings();
    if (isDown) throw new ProviderUnavailable('The sandbox was told not to answer');
  }

  open(details: CustomerDetails): Promise<string> {
    return this.asSandbox(async () => {
      const id = `cus_${details.tenantId.replaceAll('-', '')}`;
      const { tenantId, name, email, country, vatNumber } = details;
      const fresh = { id, tenantId, name, email, country, vatNumber };
      await this.books.addAccount({ ...fresh, card: null, subscriptions: [], invoices: [] });
      const account = await this.found(id);
      await this.books.saveAccount({ ...account, name, email, country, vatNumber });
      return id;
    });
  }

  /** The account as it is by the sandbox's clock; null where there is none. */
  async read(customerId: string): Promise<SandboxAccount | null> {
    return (await this.readByClock(customerId))?.account ?? null;
  }

  readByClock(customerId: string): Promise<AccountByClock | null> {
    return this.byClock(() => this.books.account(customerId));
  }

  ownerByClock(subscriptionId: string): Promise<AccountByClock | null> {
    return this.byClock(() => this.books.accountOfSubscription(subscriptionId));
  }

  async all(): Promise<SandboxAccount[]> {
    return this.asSandbox(() => this.books.accounts());
  }

  startCheckout(order: CheckoutOrder): Promise<{ checkout: SandboxCheckout; ahead: number }> {
    return this.asSandbox(async () => {
      const id = `cs_${order.checkoutId.replaceAll('-', '')}`;
      const known = await this.books.checkout(id);
      if (!known) await this.found(order.customerId);
      const settings = await this.books.settings();
      if (known) return { checkout: known, ahead: settings.ahead };
      const { customerId, checkoutId, seats, trialDays, successUrl, cancelUrl } = order;
      const checkout: SandboxCheckout = {
        ...{ id, customerId, checkoutId, priceKey: order.price.key, seats, trialDays },
        ...{ successUrl, cancelUrl, state: 'open' },
        expiresAt: new Date(+nowBy(settings) + CHECKOUT_MS).toISOString(),
      };
      await this.books.saveCheckout(checkout);
      return { checkout, ahead: settings.ahead };
    });
  }

  checkout(id: string): Promise<SandboxCheckout | null> {
    return this.asSandbox(() => this.books.checkout(id));
  }

  abandon(id: string): Promise<void> {
    return this.asSandbox(async () => {
      const checkout = await this.books.checkout(id);
      if (checkout?.state === 'open') {
        await this.books.saveCheckout({ ...checkout, state: 'abandoned' });
      }
    });
  }

  /**
   * The payer fills in a card. Paid twice it is one subscription.
   * @throws ProviderRefused `not_possible` when the checkout is over, `declined` when the card is refused
   */
  pay(id: string, card: SandboxCard): Promise<SandboxCheckout> {
    return this.asSandbox(async () => {
      const checkout = await this.books.checkout(id);
      if (!checkout) throw new ProviderRefused('not_found', `There is no checkout ${id}`);
      if (checkout.state === 'paid') return checkout;
      const now = nowBy(await this.books.settings());
      if (checkout.state === 'abandoned' || new Date(checkout.expiresAt) <= now) {
        throw new ProviderRefused('not_possible', 'The checkout is over');
      }
      // A trial starts with any card, and shows at its end what the card is worth.
      if (card === 'failing' && checkout.trialDays === 0) {
        throw new ProviderRefused('declined', 'The card was declined');
      }
      const price = priceOf(checkout.priceKey);
      if (!price) throw new ProviderRefused('not_found', `There is no price ${checkout.priceKey}`);
      const { amount, currency } = price.unitPrice;
      await this.change(await this.found(checkout.customerId), (account, at) => {
        account.card = card;
        const { key: priceKey, interval } = price;
        const { seats: quantity, checkoutId, trialDays } = checkout;
        const sold = { priceKey, interval, unitAmount: amount.toString(), currency };
        const { events } = subscribe(account, { ...sold, quantity, checkoutId }, trialDays, at);
        return [...events, { type: 'checkout.session.completed', objectId: id }];
      });
      const paid = { ...checkout, state: 'paid' as const };
      await this.books.saveCheckout(paid);
      return paid;
    });
  }

  /** The payer gives another card, with which what is open is tried at once. */
  setCard(customerId: string, card: SandboxCard): Promise<void> {
    return this.asSandbox(async () => {
      await this.change(await this.found(customerId), (account, now) => {
        account.card = card;
        const updated = { type: 'customer.updated', objectId: account.id };
        return [updated, ...payOpen(account, now)];
      });
    });
  }

  /** The payer confirms what waits for it (3-D Secure). */
  confirm(customerId: string): Promise<void> {
    return this.asSandbox(async () => {
      await this.change(await this.found(customerId), (account, now) =>
        payOpen(account, now, true),
      );
    });
  }

  /** Changes a subscription, once for each `key`. @throws ProviderRefused `not_found` */
  changeSubscription(
    id: string,
    key: string | null,
    change: (one: SandboxSubscription, account: SandboxAccount, clock: Clock) => SandboxEvent[],
  ): Promise<void> {
    return this.asSandbox(async () => {
      const owner = await this.books.accountOfSubscription(id);
      if (!owner) throw new ProviderRefused('not_found', `There is no subscription ${id}`);
      await this.change(owner, (account, now, { ahead }) => {
        const one = account.subscriptions.find((each) => each.id === id)!;
        if (key !== null && one.changes.includes(key)) return [];
        if (key !== null) one.changes.push(key);
        return change(one, account, { now, ahead });
      });
    });
  }

  undelivered(since: Date): Promise<SandboxNotification[]> {
    return this.asSandbox(() => this.books.undelivered(since));
  }

  /**
   * Whoever sets the clock forward changes every account in the same transaction: the clock is read under the lock
   * of the account.
   */
  private byClock(find: () => Promise<SandboxAccount | null>): Promise<AccountByClock | null> {
    return this.asSandbox(async () => {
      const account = await find();
      if (!account) return null;
      const { ahead } = await this.change(account, () => []);
      return { account, ahead };
    });
  }

  private async change(
    account: SandboxAccount,
    act: (account: SandboxAccount, now: Date, settings: SandboxSettings) => SandboxEvent[],
  ): Promise<SandboxSettings> {
    const settings = await this.books.settings();
    const now = nowBy(settings);
    const events = [...elapse(account, now), ...act(account, now, settings)];
    await this.keep(account, events, settings);
    return settings;
  }

  private async keep(
    account: SandboxAccount,
    events: SandboxEvent[],
    settings: SandboxSettings,
  ): Promise<void> {
    if (events.length === 0) return;
    await this.books.saveAccount(account);
    const createdAt = new Date().toISOString();
    const deliverAt = new Date(Date.now() + settings.delay).toISOString();
    for (const { type, objectId } of events) {
      await this.books.addNotification({
        ...{ id: newId('evt'), type, objectId, customerId: account.id },
        ...{ createdAt, deliverAt, tries: 0, isDelivered: false },
      });
    }
    this.unitOfWork.afterCommit(() => this.onNotification());
  }

  private async found(customerId: string): Promise<SandboxAccount> {
    const account = await this.books.account(customerId);
    if (!account) throw new ProviderRefused('not_found', `There is no customer ${customerId}`);
    return account;
  }

  private asSandbox<T>(work: () => Promise<T>): Promise<T> {
    return this.unitOfWork.runAs(billingRole, work);
  }
}

/** What the clock of the sandbox shows. */
export function nowBy({ ahead }: Pick<SandboxSettings, 'ahead'>): Date {
  return new Date(Date.now() + ahead);
}
