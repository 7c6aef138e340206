import { randomUUID } from 'node:crypto';
import StripeSdk from 'stripe';
import { StripeProvider } from '../../src/billing/stripe/stripe.provider.js';
import type { Harness, Notification, Signing } from './provider-contract.js';
import { FakeStripe } from './fake-stripe.js';
import { newId, now } from './stripe-objects.js';

export const SECRETS = ['whsec_old_secret', 'whsec_new_secret'];

export interface StripeWorld extends Harness {
  fake: FakeStripe;
  provider: StripeProvider;
}

/** The adapter of Stripe beside a Stripe in memory. */
export async function startStripe(): Promise<StripeWorld> {
  const fake = await new FakeStripe().start();
  const provider = new StripeProvider({
    secretKey: 'sk_test_123',
    webhookSecrets: SECRETS,
    baseUrl: fake.url,
    timeout: 2_000,
    retries: 0,
  });
  const liveOf = (customerId: string) =>
    [...fake.subscriptions.values()].find((it) => it.customer === customerId)!;
  return {
    fake,
    provider,
    organisation: () =>
      Promise.resolve({
        tenantId: randomUUID(),
        name: 'Acme',
        email: 'billing@acme.example',
        locale: 'en',
        country: 'BE',
        vatNumber: null,
      }),
    subscribe: async (customerId, { price, seats, trialDays }) => {
      const { id } = await provider.startCheckout({
        checkoutId: randomUUID(),
        tenantId: randomUUID(),
        customerId,
        price,
        seats,
        trialDays,
        locale: 'en',
        successUrl: 'https://atrium.example/return',
        cancelUrl: 'https://atrium.example/',
      });
      fake.pay(id);
    },
    failToPay: (customerId) => Promise.resolve(void fake.bill(liveOf(customerId), 'open')),
    settle: (customerId) => Promise.resolve(fake.settle(liveOf(customerId))),
    hosted: {
      pay: ({ id }) => Promise.resolve(void fake.pay(id)),
      notification: (customerId, signing) => notification(classicEvent(customerId), signing),
      setDown: (isDown) => void (fake.trouble = isDown ? { status: 503 } : null),
    },
    stop: () => fake.stop(),
  };
}

export function classicEvent(customerId: string): object {
  return {
    id: newId('evt'),
    object: 'event',
    api_version: '2026-10-28.endive',
    created: now(),
    data: { object: { id: newId('sub'), object: 'subscription', customer: customerId } },
    livemode: false,
    pending_webhooks: 1,
    request: null,
    type: 'customer.subscription.updated',
  };
}

export function notification(event: object, signing: Signing, secret = SECRETS[1]!): Notification {
  const payload = signing === 'malformed' ? '{"object":"event"}' : JSON.stringify(event);
  const header = StripeSdk.webhooks.generateTestHeaderString({
    payload,
    secret: signing === 'wrong' ? 'whsec_of_somebody_else' : secret,
    timestamp: signing === 'stale' ? now() - 301 : now(),
  });
  const headers = signing === 'unsigned' ? {} : { 'stripe-signature': header };
  return { rawBody: Buffer.from(payload), headers };
}
