import request from 'supertest';
import { startApp, type TestApp } from '../support/app.js';
import { FakeStripe } from './fake-stripe.js';
import { Organisation } from './organisation.js';
import { SECRETS, classicEvent, notification } from './stripe-world.js';

let fake: FakeStripe;
beforeEach(async () => void (fake = await new FakeStripe().start()));
afterEach(() => fake.stop());

const start = (settings: Record<string, string> = {}): Promise<TestApp> =>
  startApp({
    BILLING_PROVIDER: 'stripe',
    STRIPE_SECRET_KEY: 'sk_test_123',
    STRIPE_WEBHOOK_SECRETS: SECRETS.join(','),
    STRIPE_API_URL: fake.url,
    ...settings,
  });

test('what was paid at Stripe is had once Stripe has told it, and not before', async () => {
  const atrium = await start();
  try {
    const acme = await Organisation.make(atrium, 'Acme');
    await acme.checkoutUrl({ plan: 'business', interval: 'month' });
    const [session] = fake.sessions.keys();
    fake.pay(session!);
    expect((await acme.standing()).access_state).toBe('free');

    const [customer] = fake.customers.keys();
    const tell = async (signing: 'right' | 'wrong') => {
      const { rawBody, headers } = notification(classicEvent(customer!), signing);
      const answer = await request(atrium.server)
        .post('/api/webhooks/stripe')
        .set('Content-Type', 'application/json')
        .set('Stripe-Signature', String(headers['stripe-signature']))
        .send(rawBody.toString());
      return answer.status;
    };
    expect(await tell('wrong')).toBe(400);
    expect((await acme.standing()).access_state).toBe('free');
    expect(await tell('right')).toBe(200);
    expect(await acme.becomes('full')).toMatchObject({ plan_key: 'business', seats: 1 });
  } finally {
    await atrium.stop();
  }
});

test('where Stripe asks for another price than the catalogue, production does not start', async () => {
  const [price] = fake.prices;
  price!.unit_amount = 999;
  const started = start({ NODE_ENV: 'production' });
  await expect(started).rejects.toThrow(price!.lookup_key!);
});

test('a Stripe that does not answer keeps nothing from starting', async () => {
  fake.trouble = { status: 503 };
  const atrium = await start({ NODE_ENV: 'production' });
  await atrium.stop();
});
