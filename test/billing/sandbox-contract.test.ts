import { randomUUID } from 'node:crypto';
import { runInContext } from '../../src/core/context/request-context.js';
import { SandboxProvider } from '../../src/billing/sandbox/sandbox-provider.js';
import { signature } from '../../src/billing/sandbox/sandbox-signature.js';
import { Sandbox } from '../../src/billing/sandbox/sandbox.js';
import { startApp } from '../support/app.js';
import { travel } from './organisation.js';
import { describeProvider, type Harness, type Signing } from './provider-contract.js';

async function startSandbox(): Promise<Harness> {
  const atrium = await startApp({ BILLING_PROVIDER: 'sandbox', ROLE: 'web' });
  const provider = atrium.app.get(SandboxProvider);
  const sandbox = atrium.app.get(Sandbox);
  const quietly = <T>(work: () => Promise<T>) => runInContext({}, work);
  const pay = (url: string) => {
    const [, id] = /checkout\/(\w+)\//.exec(url)!;
    return quietly(() => sandbox.pay(id!, 'good'));
  };
  const notification = (customer_id: string, signing: Signing) => {
    const told = { id: `evt_${randomUUID()}`, type: 'customer.updated', object_id: customer_id };
    const sent = { ...told, customer_id, live: false, created_at: new Date().toISOString() };
    const body = signing === 'malformed' ? '{"id": 1}' : JSON.stringify(sent);
    const secret = signing === 'wrong' ? 'the secret of somebody else' : atrium.config.secret;
    const at = new Date(Date.now() - (signing === 'stale' ? 3_600_000 : 0));
    const headers =
      signing === 'unsigned' ? {} : { 'sandbox-signature': signature(body, secret, at) };
    return { rawBody: Buffer.from(body), headers };
  };
  return {
    provider,
    organisation: () => {
      const [name, email] = ['Acme', 'billing@acme.example'];
      const where = { country: 'BE', vatNumber: null };
      return Promise.resolve({ tenantId: randomUUID(), name, email, locale: 'en', ...where });
    },
    subscribe: async (customerId, { price, seats, trialDays }) => {
      const account = await quietly(() => sandbox.read(customerId));
      const { url } = await provider.startCheckout({
        ...{ checkoutId: randomUUID(), tenantId: account!.tenantId, customerId },
        ...{ price, seats, trialDays, locale: 'en' },
        ...{ successUrl: 'http://atrium.test/', cancelUrl: 'http://atrium.test/' },
      });
      await pay(url);
    },
    failToPay: async (customerId) => {
      await quietly(() => sandbox.setCard(customerId, 'failing'));
      await travel(atrium, 32);
    },
    settle: (customerId) => quietly(() => sandbox.setCard(customerId, 'good')),
    hosted: {
      pay: async ({ url }) => void (await pay(url)),
      notification,
      setDown: (isDown) => quietly(() => sandbox.configure({ isDown })),
    },
    stop: () => atrium.stop(),
  };
}

describeProvider(startSandbox, { isHosted: true });
