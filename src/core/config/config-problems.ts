import type { AppConfig } from './config.js';

/** What contradicts itself in a configuration, each with the variable and what it must be. */
export function configProblems(config: AppConfig): string[] {
  return [
    ...productionProblems(config),
    ...databaseProblems(config),
    ...storageProblems(config),
    ...billingProblems(config),
  ];
}

/** The example value of `.env.example`, which production refuses. */
const EXAMPLE_SECRET = 'change-me-change-me-change-me-change-me';

function productionProblems(config: AppConfig): string[] {
  if (!config.isProduction) return [];
  const problems: string[] = [];
  if (!config.APP_SECRET) {
    problems.push('  APP_SECRET: is required in production (32 characters or more, at random)');
  } else if (config.APP_SECRET === EXAMPLE_SECRET || /^(.)\1*$/.test(config.APP_SECRET)) {
    problems.push('  APP_SECRET: is the example value; generate one with `openssl rand -hex 32`');
  }
  if (!config.APP_URL) {
    problems.push('  APP_URL: is required in production (the public address, for links in mails)');
  }
  if (config.BILLING_PROVIDER === 'sandbox') {
    problems.push('  BILLING_PROVIDER: sandbox takes no money, and is refused in production');
  }
  if (config.OUTBOUND_INSECURE_HOSTS.length > 0) {
    problems.push('  OUTBOUND_INSECURE_HOSTS: is for development, and is refused in production');
  }
  return problems;
}

/**
 * The embedded database is used by one process: a separate migration job cannot reach it, and no pooler stands in
 * front of it.
 */
function databaseProblems(config: AppConfig): string[] {
  if (config.DATABASE_URL) return [];
  return [
    ...(config.MIGRATE_ON_START ? [] : ['  MIGRATE_ON_START: false needs a server (DATABASE_URL)']),
    ...(config.DIRECT_DATABASE_URL
      ? ['  DIRECT_DATABASE_URL: needs the address of the pooler (DATABASE_URL)']
      : []),
  ];
}

/** A bucket needs keys; keys without a bucket would silently store uploads on the local disk. */
function storageProblems(config: AppConfig): string[] {
  const keys = ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;
  if (config.S3_BUCKET) {
    return keys.filter((key) => !config[key]).map((key) => `  ${key}: is required with S3_BUCKET`);
  }
  const isLost = Boolean(config.S3_ENDPOINT) || keys.some((key) => config[key]);
  return isLost ? ['  S3_BUCKET: is required with the other S3_* variables'] : [];
}

/** Stripe needs its key to sell, and its secrets to be believed. */
function billingProblems(config: AppConfig): string[] {
  if (config.BILLING_PROVIDER !== 'stripe') return [];
  return [
    ...(config.STRIPE_SECRET_KEY
      ? []
      : ['  STRIPE_SECRET_KEY: is required with BILLING_PROVIDER=stripe']),
    ...(config.STRIPE_WEBHOOK_SECRETS.length > 0
      ? []
      : ['  STRIPE_WEBHOOK_SECRETS: is required with BILLING_PROVIDER=stripe']),
  ];
}
