import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { validatedProperties } from '../utils/validated-properties.js';
import { configProblems } from './config-problems.js';
import { AppConfig, ConfigError, type BillingProvider } from './config.js';

/**
 * Reads and validates the configuration, once at start. Empty variables count as absent.
 * @throws ConfigError
 */
export function readConfig(env: Record<string, string | undefined>): AppConfig {
  const known = new Set(validatedProperties(AppConfig));
  const given = Object.entries(env).filter(([name, value]) => known.has(name) && value?.trim());
  const values = {
    BILLING_PROVIDER: usualProvider(env),
    REQUIRE_STAFF_SECOND_FACTOR: (env.NODE_ENV?.trim() || 'production') === 'production',
    ...Object.fromEntries(given),
  };
  const config = plainToInstance(AppConfig, values, { exposeDefaultValues: true });
  const problems = validateSync(config).flatMap((error) =>
    Object.values(error.constraints ?? {}).map((text) => `  ${error.property}: ${text}`),
  );
  problems.push(...configProblems(config));
  if (problems.length > 0) {
    throw new ConfigError(`The configuration cannot be used:\n${problems.join('\n')}`);
  }
  return config;
}

/** Whoever starts the product to look at it can subscribe to a plan; production sells when it is told to. */
function usualProvider({
  NODE_ENV,
  STRIPE_SECRET_KEY,
}: Record<string, string | undefined>): BillingProvider {
  if (STRIPE_SECRET_KEY?.trim()) return 'stripe';
  return NODE_ENV === 'development' ? 'sandbox' : 'off';
}
