import type Stripe from 'stripe';
import { memo } from '../../core/utils/memo.js';
import { ProviderRefused, ProviderUnavailable } from '../provider/provider-errors.js';

export interface StripeOptions {
  /** `sk_…` or, restricted, `rk_…`. */
  secretKey: string;
  /** `whsec_…`: several while one is being replaced, and one for each endpoint. */
  webhookSecrets: readonly string[];
  /** Another address than Stripe's: tests, and a proxy of the operator's. */
  baseUrl?: string;
  /** Milliseconds one try may take. */
  timeout?: number;
  /** How often the SDK tries again by itself; writes carry a key, so that they are done once. */
  retries?: number;
}

const TIMEOUT = 10_000;

/** The SDK, loaded when it is needed first: it is 23 MB of files, and only some installations have it do anything. */
export class StripeClient {
  private readonly once = memo();

  constructor(private readonly options: StripeOptions) {}

  /** Whether it is real money. */
  get isLive(): boolean {
    return /^[sr]k_live_/.test(this.options.secretKey);
  }

  get webhookSecrets(): readonly string[] {
    return this.options.webhookSecrets;
  }

  load(): Promise<Stripe> {
    return this.once('stripe', async () => {
      const { default: StripeSdk } = await import('stripe');
      const { secretKey, baseUrl, timeout = TIMEOUT, retries = 1 } = this.options;
      return new StripeSdk(secretKey, {
        timeout,
        maxNetworkRetries: retries,
        telemetry: false,
        ...(baseUrl ? addressOf(new URL(baseUrl)) : {}),
      });
    });
  }

  /** @throws ProviderUnavailable, ProviderRefused */
  async call<T>(ask: (stripe: Stripe) => Promise<T>): Promise<T> {
    const stripe = await this.load();
    try {
      return await ask(stripe);
    } catch (error) {
      throw providerError(stripe, error);
    }
  }

  /** Like `call`; null where Stripe has no such object. */
  async find<T>(ask: (stripe: Stripe) => Promise<T>): Promise<T | null> {
    try {
      return await this.call(ask);
    } catch (error) {
      if (error instanceof ProviderRefused && error.reason === 'not_found') return null;
      throw error;
    }
  }

  /** The elements of a list, page by page. */
  async *each<T>(list: (stripe: Stripe) => AsyncIterable<T>): AsyncGenerator<T> {
    const stripe = await this.load();
    try {
      yield* list(stripe);
    } catch (error) {
      throw providerError(stripe, error);
    }
  }
}

function addressOf({ hostname, port, protocol }: URL) {
  const isPlain = protocol === 'http:';
  return {
    host: hostname,
    port: port || (isPlain ? 80 : 443),
    protocol: isPlain ? ('http' as const) : ('https' as const),
  };
}

/**
 * A key that is wrong or may not do it is "unavailable" too: it is the operator's to mend, and nobody is
 * locked out for it.
 */
function providerError({ errors }: Stripe, error: unknown): unknown {
  if (!(error instanceof errors.StripeError)) return error;
  const options = { cause: error };
  const message = `Stripe: ${error.type}${error.code ? ` (${error.code})` : ''}: ${error.message}`;
  if (error instanceof errors.StripeCardError) {
    return new ProviderRefused('declined', message, options);
  }
  if (error instanceof errors.StripeInvalidRequestError) {
    const isMissing = error.statusCode === 404 || error.code === 'resource_missing';
    return new ProviderRefused(isMissing ? 'not_found' : 'not_possible', message, options);
  }
  return new ProviderUnavailable(message, retryAfter(error.headers), options);
}

/** RFC 9110 §10.2.3, in seconds only: Stripe sends no dates. */
function retryAfter(headers: Record<string, string> | undefined): number | null {
  const seconds = Number(headers?.['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
