import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { priceForSale } from '../../src/billing/catalogue/catalogue.js';
import type { Price } from '../../src/billing/catalogue/plan.js';
import { PLANS } from '../../src/billing/catalogue/plans.js';
import type {
  CustomerState,
  ProviderSubscription,
} from '../../src/billing/provider/customer-state.js';
import type {
  CheckoutOrder,
  CustomerDetails,
  HostedCheckout,
  PaymentProvider,
} from '../../src/billing/provider/payment-provider.js';
import {
  NotificationRefused,
  ProviderRefused,
  ProviderUnavailable,
} from '../../src/billing/provider/provider-errors.js';

export interface Purchase {
  price: Price;
  seats: number;
  trialDays: number;
}

export type Signing = 'right' | 'unsigned' | 'wrong' | 'stale' | 'malformed';

/** What an adapter is tried with: what people do at the provider, beyond the port. */
export interface Harness {
  provider: PaymentProvider;
  /** An organisation that no customer was made for. */
  organisation(): Promise<CustomerDetails>;
  /** The payer pays a hosted checkout, or staff sell by hand: there is a subscription then. */
  subscribe(customerId: string, purchase: Purchase): Promise<void>;
  /** A payment is due and is not made. */
  failToPay(customerId: string): Promise<void>;
  /** What was due is paid. */
  settle(customerId: string): Promise<void>;
  /** Only where payers pay on pages of the provider's. */
  hosted?: {
    pay(checkout: HostedCheckout): Promise<void>;
    notification(customerId: string, signing: Signing): Promise<Notification> | Notification;
    setDown(isDown: boolean): Promise<void> | void;
  };
  stop(): Promise<void>;
}

export interface Notification {
  rawBody: Buffer;
  headers: IncomingHttpHeaders;
}

const TEAM = priceForSale('team', 'month')!;
const TEAM_YEARLY = priceForSale('team', 'year')!;
const BUSINESS = priceForSale('business', 'month')!;
const DAY = 86_400_000;

/** The same sentences for every adapter of `PaymentProvider`. */
export function describeProvider(
  start: () => Promise<Harness>,
  { isHosted }: { isHosted: boolean },
) {
  let world: Harness;
  let provider: PaymentProvider;
  beforeAll(async () => {
    world = await start();
    provider = world.provider;
  });
  afterAll(() => world.stop());

  const customer = async () => {
    const details = await world.organisation();
    return { details, id: await provider.ensureCustomer(details) };
  };
  const state = async (id: string): Promise<CustomerState> => {
    const found = await provider.fetchCustomerState(id);
    if (!found) throw new Error(`No customer ${id}`);
    return found;
  };
  const only = async (id: string): Promise<ProviderSubscription> => {
    const { subscriptions } = await state(id);
    expect(subscriptions).toHaveLength(1);
    return subscriptions[0]!;
  };
  const subscriber = async (changes: Partial<Purchase> = {}) => {
    const { id } = await customer();
    await world.subscribe(id, { price: TEAM, seats: 3, trialDays: 0, ...changes });
    return { id, subscription: await only(id) };
  };

  describe('customers', () => {
    test('an organisation has one customer, however often it is asked for', async () => {
      const details = await world.organisation();
      const ids = await Promise.all([
        provider.ensureCustomer(details),
        provider.ensureCustomer(details),
      ]);
      expect(new Set([...ids, await provider.ensureCustomer(details)]).size).toBe(1);
      expect(await state(ids[0])).toMatchObject({
        customerId: ids[0],
        tenantId: details.tenantId,
        isDeleted: false,
        paymentMethod: { kind: 'none', label: null },
        subscriptions: [],
        invoices: [],
      });
    });

    test('two organisations have two customers', async () => {
      expect((await customer()).id).not.toBe((await customer()).id);
    });

    test('a customer that nobody knows is none', async () => {
      expect(await provider.fetchCustomerState('cus_nobody')).toBeNull();
    });

    test('a state says when it was asked for, not when the answer came', async () => {
      const { id } = await customer();
      const before = Date.now();
      const answer = provider.fetchCustomerState(id);
      const asked = Date.now();
      const { fetchedAt } = (await answer)!;
      expect(fetchedAt.getTime()).toBeGreaterThanOrEqual(before);
      expect(fetchedAt.getTime()).toBeLessThanOrEqual(asked + 5);
    });

    test('all customers can be listed, with whose they are', async () => {
      const { id, details } = await customer();
      const listed = [];
      for await (const each of provider.customers()) listed.push(each);
      expect(listed).toContainEqual({ customerId: id, tenantId: details.tenantId });
    });
  });

  describe('subscriptions', () => {
    test('what was sold is what there is', async () => {
      const { subscription } = await subscriber();
      expect(subscription).toMatchObject({
        status: 'active',
        rawStatus: expect.any(String),
        priceKey: TEAM.key,
        interval: 'month',
        quantity: 3,
        unitPrice: TEAM.unitPrice,
        trialEndsAt: null,
        cancelAt: null,
        canceledAt: null,
        endedAt: null,
        pastDueSince: null,
      });
      const { currentPeriodStart: from, currentPeriodEnd: to } = subscription;
      expect(to.getTime() - from.getTime()).toBeGreaterThan(27 * DAY);
      expect(to.getTime()).toBeGreaterThan(Date.now());
    });

    test('it comes with an invoice that adds up', async () => {
      const { id, subscription } = await subscriber();
      const invoices = await provider.invoices(id);
      expect(invoices).toHaveLength(1);
      const [invoice] = invoices;
      expect(invoice).toMatchObject({
        subscriptionId: subscription.id,
        number: expect.stringMatching(/\d/),
        currency: 'EUR',
        net: 3600n,
      });
      expect(invoice!.net + invoice!.vat).toBe(invoice!.total);
      expect(invoice!.lines.reduce((sum, { net }) => sum + net, 0n)).toBe(invoice!.net);
      expect((await state(id)).invoices).toEqual(invoices);
    });

    test('a trial costs nothing yet, and lasts as long as it is given', async () => {
      const { id, subscription } = await subscriber({ trialDays: 14 });
      expect(subscription.status).toBe('trialing');
      const end = subscription.trialEndsAt!.getTime();
      expect(Math.abs(end - Date.now() - 14 * DAY)).toBeLessThan(DAY);
      const until = new Date(Math.floor(end / 1000) * 1000 + 7 * DAY);
      await provider.extendTrial(subscription.id, until);
      expect((await only(id)).trialEndsAt).toEqual(until);
      expect((await provider.invoices(id)).filter(({ total }) => total > 0n)).toEqual([]);
    });

    test('seats are set, and the same change made twice is one', async () => {
      const { id, subscription } = await subscriber();
      const change = { subscriptionId: subscription.id, seats: 5, revision: 1 };
      await provider.setSeats(change);
      await provider.setSeats(change);
      expect(await only(id)).toMatchObject({ quantity: 5, priceKey: TEAM.key });
      await provider.setSeats({ ...change, seats: 3, revision: 2 });
      await provider.setSeats({ ...change, seats: 5, revision: 3 });
      expect((await only(id)).quantity).toBe(5);
    });

    test('a change can be looked at before, which changes nothing', async () => {
      const { id, subscription } = await subscriber();
      const preview = await provider.previewChange({
        subscriptionId: subscription.id,
        price: BUSINESS,
        seats: 4,
        revision: 1,
      });
      expect(preview.next).toEqual({ amount: 9600n, currency: 'EUR' });
      expect(preview.now.currency).toBe('EUR');
      expect(preview.now.amount).toBeGreaterThan(0n);
      expect(preview.nextAt.getTime()).toBeGreaterThan(Date.now());
      expect(await only(id)).toMatchObject({ quantity: 3, priceKey: TEAM.key });
    });

    test('the plan is changed, also to another interval', async () => {
      const { id, subscription } = await subscriber();
      const { id: subscriptionId } = subscription;
      await provider.changePlan({ subscriptionId, price: BUSINESS, seats: 4, revision: 1 });
      expect(await only(id)).toMatchObject({ quantity: 4, priceKey: BUSINESS.key });
      await provider.changePlan({ subscriptionId, price: TEAM_YEARLY, seats: 4, revision: 2 });
      expect(await only(id)).toMatchObject({ quantity: 4, priceKey: TEAM_YEARLY.key });
    });

    test('it is cancelled at the end of the period, which can be taken back', async () => {
      const { id, subscription } = await subscriber();
      await provider.cancel(subscription.id);
      await provider.cancel(subscription.id);
      const cancelled = await only(id);
      expect(cancelled).toMatchObject({ status: 'active', endedAt: null });
      expect(cancelled.cancelAt).toEqual(cancelled.currentPeriodEnd);
      await provider.resume(subscription.id);
      expect((await only(id)).cancelAt).toBeNull();
    });

    test('one that was bought by mistake ends at once, and the same again changes nothing', async () => {
      const { id, subscription } = await subscriber();
      await provider.cancelAndRefund(subscription.id);
      await provider.cancelAndRefund(subscription.id);
      expect(await only(id)).toMatchObject({ status: 'canceled', endedAt: expect.any(Date) });
    });

    test('what has ended cannot be changed', async () => {
      const { subscription } = await subscriber();
      const { id: subscriptionId } = subscription;
      await provider.cancelAndRefund(subscriptionId);
      const seats = provider.setSeats({ subscriptionId, seats: 9, revision: 1 });
      await expect(seats).rejects.toMatchObject({ reason: 'not_possible' });
      const plan = provider.changePlan({ subscriptionId, price: BUSINESS, seats: 1, revision: 2 });
      await expect(plan).rejects.toBeInstanceOf(ProviderRefused);
    });

    test('what was never sold cannot be changed either', async () => {
      const nobodys = { subscriptionId: `sub_${randomUUID().replaceAll('-', '')}`, revision: 1 };
      for (const attempt of [
        () => provider.setSeats({ ...nobodys, seats: 2 }),
        () => provider.changePlan({ ...nobodys, seats: 2, price: BUSINESS }),
        () => provider.cancel(nobodys.subscriptionId),
        () => provider.resume(nobodys.subscriptionId),
        () => provider.cancelAndRefund(nobodys.subscriptionId),
      ]) {
        await expect(attempt()).rejects.toMatchObject({ reason: 'not_found' });
      }
    });

    test('who does not pay is past due since then, until they have paid', async () => {
      const { id } = await subscriber();
      await world.failToPay(id);
      expect(await only(id)).toMatchObject({ status: 'past_due', pastDueSince: expect.any(Date) });
      expect((await provider.invoices(id)).some(({ status }) => status === 'open')).toBe(true);
      await world.settle(id);
      expect(await only(id)).toMatchObject({ status: 'active', pastDueSince: null });
      expect((await provider.invoices(id)).every(({ status }) => status === 'paid')).toBe(true);
    });

    test('nothing of one customer is told of another', async () => {
      const [one, other] = [await subscriber(), await subscriber({ seats: 7 })];
      expect((await only(one.id)).quantity).toBe(3);
      expect((await only(other.id)).quantity).toBe(7);
      const ids = (await provider.invoices(one.id)).map((it) => it.id);
      expect((await provider.invoices(other.id)).map((it) => it.id)).not.toEqual(
        expect.arrayContaining(ids),
      );
    });
  });

  test('everything of the catalogue is for sale, at its price', async () => {
    const prices = await provider.prices();
    for (const { key, unitPrice, interval, plan } of PLANS.flatMap((it) => it.prices)) {
      expect(prices).toContainEqual({
        lookupKey: key,
        planKey: plan,
        unitPrice,
        interval,
        isActive: true,
      });
    }
  });

  if (!isHosted) {
    test('nobody can notify a provider that is ourselves', async () => {
      const unsigned = provider.parseNotification(Buffer.from('{}'), {});
      await expect(unsigned).rejects.toBeInstanceOf(NotificationRefused);
    });
    return;
  }

  const order = (customerId: string, tenantId: string): CheckoutOrder => ({
    checkoutId: randomUUID(),
    tenantId,
    customerId,
    price: TEAM,
    seats: 2,
    trialDays: 0,
    locale: 'nl-BE',
    successUrl: 'https://atrium.example/settings/billing/return',
    cancelUrl: 'https://atrium.example/settings/billing/',
  });

  describe('checkouts', () => {
    test('a checkout is a page of the provider, and the subscription names it', async () => {
      const { id, details } = await customer();
      const wanted = order(id, details.tenantId);
      const checkout = await provider.startCheckout(wanted);
      expect(URL.canParse(checkout.url)).toBe(true);
      expect(checkout.expiresAt.getTime()).toBeGreaterThan(Date.now());
      expect((await state(id)).subscriptions).toEqual([]);
      await world.hosted!.pay(checkout);
      expect(await only(id)).toMatchObject({ checkoutId: wanted.checkoutId, quantity: 2 });
      expect((await state(id)).paymentMethod).toEqual({
        kind: 'known',
        label: expect.stringContaining('4242'),
      });
    });

    test('the same checkout started twice is one', async () => {
      const { id, details } = await customer();
      const wanted = order(id, details.tenantId);
      const [one, two] = [
        await provider.startCheckout(wanted),
        await provider.startCheckout(wanted),
      ];
      expect(two.id).toBe(one.id);
    });

    test('one that is abandoned can be abandoned again, also after it was paid', async () => {
      const { id, details } = await customer();
      const open = await provider.startCheckout(order(id, details.tenantId));
      await provider.abandonCheckout(open.id);
      await provider.abandonCheckout(open.id);
      const paid = await provider.startCheckout(order(id, details.tenantId));
      await world.hosted!.pay(paid);
      await provider.abandonCheckout(paid.id);
      expect((await only(id)).status).toBe('active');
    });

    test('the portal is a page of the provider', async () => {
      const { id } = await customer();
      const url = await provider.portalUrl(id, {
        returnUrl: 'https://atrium.example/',
        locale: 'fr-BE',
      });
      expect(URL.canParse(url)).toBe(true);
    });
  });

  describe('notifications', () => {
    test('one that is signed says what has changed, and nothing more', async () => {
      const { id } = await customer();
      const { rawBody, headers } = await world.hosted!.notification(id, 'right');
      const told = await provider.parseNotification(rawBody, headers);
      expect(told).toEqual({
        eventId: expect.stringMatching(/^evt_/),
        type: expect.stringMatching(/^[a-z_.]+$/),
        objectId: expect.any(String),
        customerId: id,
        isLive: provider.isLive,
        createdAt: expect.any(Date),
      });
      expect(await provider.customerOf(told)).toBe(id);
    });

    test.each([
      ['unsigned', 'unsigned'],
      ['wrong', 'bad_signature'],
      ['stale', 'stale'],
      ['malformed', 'malformed'],
    ] as const)('one that is %s is refused', async (signing, reason) => {
      const { id } = await customer();
      const { rawBody, headers } = await world.hosted!.notification(id, signing);
      const refused = provider.parseNotification(rawBody, headers);
      await expect(refused).rejects.toMatchObject({ name: 'NotificationRefused', reason });
    });
  });

  test('a provider that is down is unavailable, whatever it is asked', async () => {
    const { id, subscription } = await subscriber();
    const { id: subscriptionId } = subscription;
    const details = await world.organisation();
    await world.hosted!.setDown(true);
    try {
      for (const attempt of [
        () => provider.ensureCustomer(details),
        () => provider.fetchCustomerState(id),
        () => provider.invoices(id),
        () => provider.startCheckout(order(id, details.tenantId)),
        () => provider.setSeats({ subscriptionId, seats: 8, revision: 9 }),
        () => provider.cancel(subscriptionId),
        () => provider.prices(),
      ]) {
        await expect(attempt()).rejects.toBeInstanceOf(ProviderUnavailable);
      }
    } finally {
      await world.hosted!.setDown(false);
    }
    expect((await only(id)).quantity).toBe(3);
  });
}
