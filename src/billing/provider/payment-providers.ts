import type { AppConfig } from '../../core/config/config.js';
import type { ManualProvider } from '../manual/manual.provider.js';
import type { SandboxProvider } from '../sandbox/sandbox-provider.js';
import { StripeProvider } from '../stripe/stripe.provider.js';
import type { PaymentProvider } from './payment-provider.js';

/** The adapter that is configured; none where nothing is sold. */
export function paymentProviders(
  config: AppConfig,
  sandbox: SandboxProvider,
  manual: ManualProvider,
): PaymentProvider[] {
  switch (config.BILLING_PROVIDER) {
    case 'off':
      return [];
    case 'sandbox':
      return [sandbox];
    case 'manual':
      return [manual];
    case 'stripe':
      return [
        new StripeProvider({
          secretKey: config.STRIPE_SECRET_KEY ?? '',
          webhookSecrets: config.STRIPE_WEBHOOK_SECRETS,
          ...(config.STRIPE_API_URL ? { baseUrl: config.STRIPE_API_URL } : {}),
        }),
      ];
  }
}
