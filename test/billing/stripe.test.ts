import StripeSdk from 'stripe';
import { priceForSale } from '../../src/billing/catalogue/catalogue.js';
import { StripeProvider } from '../../src/billing/stripe/stripe.provider.js';
import {
  classicEvent,
  notification,
  SECRETS,
  startStripe,
  type StripeWorld,
} from './stripe-world.js';
import { newId } from './stripe-objects.js';

const TEAM = priceForSale('team', 'month')!;

let world: StripeWorld;
beforeAll(async () => void (world = await startStripe()));
afterAll(() => world.stop());
afterEach(() => void (world.fake.trouble = null));

async function subscriber(trialDays = 0) {
  const { provider, fake } = world;
  const id = await provider.ensureCustomer(await world.organisation());
  await world.subscribe(id, { price: TEAM, seats: 3, trialDays });
  const subscription = [...fake.subscriptions.values()].find(({ customer }) => customer === id)!;
  return { id, subscription };
}

describe('what Stripe says', () => {
  test('a status that nobody knew changes nothing, and is told to staff as it is', async () => {
    const { id, subscription } = await subscriber();
    subscription.status = 'hibernating';
    const state = await world.provider.fetchCustomerState(id);
    expect(state!.subscriptions[0]).toMatchObject({ status: 'unknown', rawStatus: 'hibernating' });
  });

  test('periods are those of the item', async () => {
    const { id, subscription } = await subscriber();
    const [item] = subscription.items.data;
    item!.current_period_start = 1_790_000_000;
    item!.current_period_end = 1_792_592_000;
    const { subscriptions } = (await world.provider.fetchCustomerState(id))!;
    expect(subscriptions[0]).toMatchObject({
      currentPeriodStart: new Date(1_790_000_000_000),
      currentPeriodEnd: new Date(1_792_592_000_000),
    });
  });

  test('a customer is brought up to date with the billing details that were saved', async () => {
    const { provider, fake } = world;
    const details = await world.organisation();
    const id = await provider.ensureCustomer({ ...details, vatNumber: 'BE0403170701' });
    const address = { street: 'Kouter 1', postalCode: '9000', city: 'Gent', purchaseOrder: null };
    const saved = { ...details, name: 'Acme NV', vatNumber: 'BE0202239951', address };
    expect(await provider.ensureCustomer(saved)).toBe(id);
    expect(fake.customers.get(id)).toMatchObject({
      name: 'Acme NV',
      address: { line1: 'Kouter 1', postal_code: '9000', city: 'Gent', country: 'BE' },
    });
    await provider.ensureCustomer({ ...saved, country: 'GB', vatNumber: 'GB980780684' });
    const kept = fake.taxIdsOf(id).map(({ type, value }) => [type, value]);
    expect(kept).toEqual([['gb_vat', 'GB980780684']]);
    await provider.ensureCustomer({ ...saved, vatNumber: null });
    expect(fake.taxIdsOf(id)).toHaveLength(1);
  });

  test.each([
    ['CH', 'CHE123456788MWST', 'ch_vat', 'CHE-123.456.788 MWST'],
    ['CH', 'CHE123456788', 'ch_vat', 'CHE-123.456.788 MWST'],
    ['NO', 'NO974760673MVA', 'no_vat', '974760673MVA'],
  ])(
    'a VAT number of %s, %s, is written as Stripe takes it, once',
    async (country, number, type, value) => {
      const { provider, fake } = world;
      const details = { ...(await world.organisation()), country, vatNumber: number };
      const id = await provider.ensureCustomer(details);
      await provider.ensureCustomer(details);
      expect(fake.taxIdsOf(id)).toMatchObject([{ type, value }]);
    },
  );

  test('a price that is none of ours has no key, and breaks nothing', async () => {
    const { id, subscription } = await subscriber();
    subscription.items.data[0]!.price = { ...world.fake.prices[0]!, lookup_key: null };
    expect((await world.provider.fetchCustomerState(id))!.subscriptions[0]!.priceKey).toBeNull();
  });

  test('a customer that was deleted there has nothing any more', async () => {
    const { id } = await subscriber();
    world.fake.deleted.add(id);
    const state = await world.provider.fetchCustomerState(id);
    expect(state).toMatchObject({ isDeleted: true, tenantId: null, subscriptions: [] });
  });

  test('a payment that waits for the payer names the page where they confirm it', async () => {
    const { id, subscription } = await subscriber();
    const invoice = world.fake.bill(subscription, 'open');
    subscription.status = 'incomplete';
    const { subscriptions } = (await world.provider.fetchCustomerState(id))!;
    expect(subscriptions[0]).toMatchObject({
      status: 'incomplete',
      confirmationUrl: invoice.hosted_invoice_url,
      pastDueSince: null,
    });
  });

  test('a card that was refused is told, with how often it was tried', async () => {
    const { id, subscription } = await subscriber();
    world.fake.bill(subscription, 'open');
    const state = (await world.provider.fetchCustomerState(id))!;
    expect(state.paymentMethod).toEqual({ kind: 'card_failed', label: 'Visa •••• 4242' });
    expect(state.invoices[0]).toMatchObject({
      status: 'open',
      attempts: 1,
      nextAttemptAt: expect.any(Date),
      vat: 756n,
      total: 4356n,
      paid: 0n,
    });
    expect(state.invoices[0]!.lines[0]).toMatchObject({ net: 3600n, vat: 756n, vatCategory: 'S' });
  });

  test('VAT that is in the price, and reverse charge, are told apart', async () => {
    const { id, subscription } = await subscriber();
    const invoice = world.fake.bill(subscription, 'paid');
    const [line] = invoice.lines.data;
    Object.assign(line!.taxes![0]!, { tax_behavior: 'inclusive', amount: 625 });
    expect((await world.provider.invoices(id))[0]!.lines[0]).toMatchObject({
      net: 2975n,
      vat: 625n,
    });
    Object.assign(line!.taxes![0]!, { taxability_reason: 'reverse_charge', amount: 0 });
    expect((await world.provider.invoices(id))[0]!.lines[0]).toMatchObject({
      net: 3600n,
      vatCategory: 'AE',
    });
  });
});

test.each(['open', 'paid'] as const)(
  'an invoice that is %s is found behind a hundred newer ones',
  async (status) => {
    const { id, subscription } = await subscriber();
    const open = world.fake.bill(subscription, status);
    for (let number = 0; number < 101; number++) world.fake.bill(subscription, 'paid');
    const { invoices } = (await world.provider.fetchCustomerState(id))!;
    expect(invoices.map((invoice) => invoice.id)).toContain(open.id);
    expect(invoices.length).toBeGreaterThanOrEqual(101);
    expect(new Set(invoices.map((invoice) => invoice.id)).size).toBe(invoices.length);
  },
);

describe('what Stripe is asked', () => {
  test('a checkout asks for address and VAT number, and leaves VAT to Stripe Tax', async () => {
    await subscriber(14);
    const { form } = world.fake.asked.findLast(({ path }) => path === '/v1/checkout/sessions')!;
    expect(form).toMatchObject({
      mode: 'subscription',
      automatic_tax: { enabled: 'true' },
      tax_id_collection: { enabled: 'true' },
      customer_update: { name: 'auto', address: 'auto' },
      billing_address_collection: 'required',
      payment_method_collection: 'if_required',
      locale: 'en-GB',
      subscription_data: {
        trial_period_days: '14',
        trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
      },
    });
  });

  test('pages of Stripe are in the language of who goes there', async () => {
    const { id } = await subscriber();
    const returnUrl = 'https://atrium.example/';
    for (const [locale, asked] of [
      ['nl-BE', 'nl'],
      ['fr-BE', 'fr'],
      ['en', 'en-GB'],
    ] as const) {
      await world.provider.portalUrl(id, { returnUrl, locale });
      expect(world.fake.asked.at(-1)!.form).toMatchObject({ locale: asked, customer: id });
    }
  });

  test('everything that is written carries a key, so that it is done once', async () => {
    const { provider, fake } = world;
    const { subscription } = await subscriber();
    const { id: subscriptionId } = subscription;
    await provider.setSeats({ subscriptionId, seats: 4, revision: 1 });
    await provider.changePlan({ subscriptionId, price: TEAM, seats: 5, revision: 2 });
    await provider.cancel(subscriptionId);
    await provider.extendTrial(subscriptionId, new Date('2027-01-01'));
    await provider.cancelAndRefund(subscriptionId);
    const passing = /create_preview|billing_portal|expire$/;
    const written = fake.asked.filter(
      ({ method, path }) => method !== 'GET' && !passing.test(path),
    );
    expect(written.length).toBeGreaterThan(6);
    expect(written.filter(({ key }) => !key)).toEqual([]);
  });

  test('what was paid by mistake is credited once, with the refund in it', async () => {
    const { provider, fake } = world;
    const { subscription } = await subscriber();
    const before = fake.creditNotes.length;
    await provider.cancelAndRefund(subscription.id);
    await provider.cancelAndRefund(subscription.id);
    expect(fake.creditNotes.slice(before)).toMatchObject([{ amount: 4356, reason: 'duplicate' }]);
    const { form } = fake.asked.findLast(({ path }) => path === '/v1/credit_notes')!;
    expect(form).toMatchObject({ amount: '4356', refund_amount: '4356' });
  });

  test('a price that Stripe does not have is refused before anything is bought', async () => {
    const { id } = await subscriber();
    const price = { ...TEAM, key: 'team_v9_month_eur' };
    const bought = world.subscribe(id, { price, seats: 1, trialDays: 0 });
    await expect(bought).rejects.toMatchObject({
      reason: 'not_found',
      message: expect.stringContaining('team_v9_month_eur'),
    });
  });
});

describe('a Stripe in trouble', () => {
  test.each([
    ['limits the rate', { status: 429, headers: { 'retry-after': '7' } }, 7],
    ['fails', { status: 500 }, null],
    [
      'does not know our key',
      { status: 401, error: { type: 'authentication_error' as const } },
      null,
    ],
    ['does not let us', { status: 403 }, null],
    ['is slow', { status: 200, after: 5_000 }, null],
  ])('one that %s is unavailable, and says when to come again', async (_, trouble, retryAfter) => {
    world.fake.trouble = trouble;
    const asked = world.provider.fetchCustomerState('cus_1');
    await expect(asked).rejects.toMatchObject({ name: 'ProviderUnavailable', retryAfter });
  });

  test('one that nobody listens at is unavailable', async () => {
    const provider = new StripeProvider({
      secretKey: 'sk_test_1',
      webhookSecrets: [],
      baseUrl: 'http://127.0.0.1:9',
      retries: 0,
    });
    await expect(provider.prices()).rejects.toMatchObject({ name: 'ProviderUnavailable' });
    await expect(provider.invoices('cus_1')).rejects.toMatchObject({ name: 'ProviderUnavailable' });
  });

  test('a card that is declined is a refusal', async () => {
    const { subscription } = await subscriber();
    const { id: subscriptionId } = subscription;
    world.fake.troubleOnWrite = {
      status: 402,
      error: { type: 'card_error', code: 'card_declined', message: 'Your card was declined.' },
    };
    const change = { subscriptionId, price: TEAM, seats: 9, revision: 1 };
    const changed = world.provider.changePlan(change);
    await expect(changed).rejects.toMatchObject({ name: 'ProviderRefused', reason: 'declined' });
    world.fake.troubleOnWrite = null;
  });
});

describe('notifications', () => {
  test('either of two secrets signs, while one takes the place of the other', async () => {
    for (const secret of SECRETS) {
      const { rawBody, headers } = notification(classicEvent('cus_1'), 'right', secret);
      expect(await world.provider.parseNotification(rawBody, headers)).toMatchObject({
        customerId: 'cus_1',
        type: 'customer.subscription.updated',
        isLive: false,
      });
    }
  });

  test('a thin event is one too, and its customer is asked for', async () => {
    const { id, subscription } = await subscriber();
    const thin = {
      id: newId('evt'),
      object: 'v2.core.event',
      type: 'v1.customer.subscription.updated',
      created: '2026-11-27T12:00:00.000Z',
      livemode: false,
      related_object: {
        id: subscription.id,
        type: 'subscription',
        url: `/v1/subscriptions/${subscription.id}`,
      },
    };
    const { rawBody, headers } = notification(thin, 'right');
    const told = await world.provider.parseNotification(rawBody, headers);
    expect(told).toMatchObject({
      eventId: thin.id,
      objectId: subscription.id,
      customerId: null,
      createdAt: new Date('2026-11-27T12:00:00Z'),
    });
    expect(await world.provider.customerOf(told)).toBe(id);
    expect(await world.provider.customerOf({ ...told, objectId: 'sub_gone' })).toBeNull();
    expect(await world.provider.customerOf({ ...told, objectId: 'prod_1' })).toBeNull();
  });

  test('a signature of before is not good for ever', async () => {
    const { rawBody, headers } = notification(classicEvent('cus_1'), 'stale');
    const stale = world.provider.parseNotification(rawBody, headers);
    await expect(stale).rejects.toMatchObject({ reason: 'stale' });
  });

  test('a body that is changed on its way is refused', async () => {
    const { rawBody, headers } = notification(classicEvent('cus_1'), 'right');
    const changed = Buffer.from(rawBody.toString().replace('cus_1', 'cus_2'));
    const refused = world.provider.parseNotification(changed, headers);
    await expect(refused).rejects.toMatchObject({ reason: 'bad_signature' });
  });

  test.each([
    ['no JSON', '{"object":'],
    ['a list', '[]'],
    ['another kind', '{"object":"charge","id":"ch_1","type":"x","livemode":false,"created":1}'],
    ['an id that is none', JSON.stringify({ ...classicEvent('cus_1'), id: 'evt 1\n' })],
    ['no object', JSON.stringify({ ...classicEvent('cus_1'), data: {} })],
    ['no time', JSON.stringify({ ...classicEvent('cus_1'), created: null })],
  ])('one that is signed and holds %s is malformed', async (_, text) => {
    const header = StripeSdk.webhooks.generateTestHeaderString({
      payload: text,
      secret: SECRETS[0]!,
    });
    const headers = { 'stripe-signature': header };
    const refused = world.provider.parseNotification(Buffer.from(text), headers);
    await expect(refused).rejects.toMatchObject({ reason: 'malformed' });
  });

  test('without a secret nothing is believed', async () => {
    const provider = new StripeProvider({ secretKey: 'sk_test_1', webhookSecrets: [] });
    const { rawBody, headers } = notification(classicEvent('cus_1'), 'right');
    const refused = provider.parseNotification(rawBody, headers);
    await expect(refused).rejects.toMatchObject({ reason: 'bad_signature' });
  });

  test('what could not be delivered is found later', async () => {
    world.fake.events.push(classicEvent('cus_7'));
    const found = [];
    for await (const each of world.provider.undelivered(new Date())) found.push(each);
    expect(found).toMatchObject([{ customerId: 'cus_7', type: 'customer.subscription.updated' }]);
    const { form } = world.fake.asked.findLast(({ path }) => path === '/v1/events')!;
    expect(form).toMatchObject({ delivery_success: 'false' });
  });
});

test('the key says whether it is real money', () => {
  const isLive = (secretKey: string) =>
    new StripeProvider({ secretKey, webhookSecrets: [] }).isLive;
  expect(['sk_live_1', 'rk_live_1', 'sk_test_1', 'rk_test_1'].map(isLive)).toEqual([
    ...[true, true],
    ...[false, false],
  ]);
});
