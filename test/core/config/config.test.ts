import { readFileSync } from 'node:fs';
import { AppConfig, ConfigError } from '../../../src/core/config/config.js';
import { readConfig } from '../../../src/core/config/read-config.js';
import { validatedProperties } from '../../../src/core/utils/validated-properties.js';
import { projectPath } from '../../../src/core/config/project-path.js';
import { SecretBox } from '../../../src/core/crypto/secret-box.js';

const PRODUCTION = {
  NODE_ENV: 'production',
  APP_SECRET: '6d1f0c2b9a8e7d6c5b4a39281706f5e4d3c2b1a0',
  APP_URL: 'https://app.example.com',
};

const STRIPE = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRETS: 'whsec_1' };

function problems(env: Record<string, string>): string {
  try {
    readConfig(env);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
}

test('without any variable the application runs in production, and names what it misses', () => {
  const said = problems({});
  expect(said).toContain('APP_SECRET: is required in production');
  expect(said).toContain('APP_URL: is required in production');
});

test('development asks for no variable', () => {
  const config = readConfig({ NODE_ENV: 'development' });
  expect(config).toMatchObject({ NODE_ENV: 'development', PORT: 3000, BCRYPT_COST: 12 });
  expect(config).toMatchObject({ RATE_LIMIT_MULTIPLIER: 1, REQUIRE_VERIFIED_EMAIL: false });
  expect(config.appUrl).toBe('http://localhost:3000');
});

test.each([
  ['production', { NODE_ENV: 'production' }, 'off'],
  ['development', { NODE_ENV: 'development' }, 'sandbox'],
  ['development told otherwise', { NODE_ENV: 'development', BILLING_PROVIDER: 'off' }, 'off'],
  ['a process with a key of Stripe', STRIPE, 'stripe'],
])('%s sells through the provider it is expected to', (_, env, provider) => {
  expect(readConfig({ ...PRODUCTION, ...env }).BILLING_PROVIDER).toBe(provider);
});

test.each([
  [undefined, undefined, true],
  ['production', undefined, true],
  ['production', 'false', false],
  ['development', undefined, false],
  ['development', 'true', true],
  ['test', undefined, false],
])('NODE_ENV %s, REQUIRE_STAFF_SECOND_FACTOR %s: staff need one: %s', (env, told, isRequired) => {
  const config = readConfig({ ...PRODUCTION, NODE_ENV: env, REQUIRE_STAFF_SECOND_FACTOR: told });
  expect(config.REQUIRE_STAFF_SECOND_FACTOR).toBe(isRequired);
});

test('production runs on a secret of its own', () => {
  expect(problems(PRODUCTION)).toBe('');
});

test.each([
  ['', 'APP_SECRET: is required in production'],
  ['   ', 'APP_SECRET: is required in production'],
  ['change-me-change-me-change-me-change-me', 'APP_SECRET: is the example value'],
  ['x'.repeat(40), 'APP_SECRET: is the example value'],
  ['too short', 'APP_SECRET: '],
])('production refuses to start on the secret "%s" and names the variable', (secret, reason) => {
  expect(problems({ ...PRODUCTION, APP_SECRET: secret })).toContain(reason);
});

test('without a secret nothing is signed or encrypted', () => {
  const config = readConfig({ NODE_ENV: 'development' });
  expect(() => config.secret).toThrow(ConfigError);
  expect(() => new SecretBox('', 'anything')).toThrow('no secret for anything');
  expect(readConfig(PRODUCTION).secret).toBe(PRODUCTION.APP_SECRET);
});

test('production refuses to start without its public address', () => {
  expect(problems({ ...PRODUCTION, APP_URL: '' })).toContain('APP_URL: is required in production');
});

test.each([
  ['NODE_ENV', 'staging'],
  ['ROLE', 'everything'],
  ['PORT', '70000'],
  ['PORT', 'http'],
  ['APP_URL', 'app.example.com'],
  ['DATABASE_URL', 'mysql://localhost/atrium'],
  ['DIRECT_DATABASE_URL', 'postgres://atrium_app@localhost:5432/atrium'],
  ['DATABASE_POOL_SIZE', '0'],
  ['BCRYPT_COST', '3'],
  ['BCRYPT_COST', '17'],
  ['SESSION_IDLE_HOURS', '0'],
  ['RATE_LIMIT_MULTIPLIER', '-1'],
  ['REQUIRE_VERIFIED_EMAIL', 'maybe'],
  ['SMTP_URL', 'https://mail.example.com'],
  ['MAIL_FROM', 'nobody'],
  ['SUPPORT_EMAIL', 'nobody'],
  ['SECURITY_CONTACT', 'http://example.com'],
  ['LOG_LEVEL', 'loud'],
  ['CORS_ORIGINS', '*'],
  ['CORS_ORIGINS', 'https://*.example.com'],
  ['CORS_ORIGINS', 'https://app.example.com/'],
  ['CORS_ORIGINS', 'https://app.example.com, app.example.com'],
])('%s=%s is refused by name', (name, value) => {
  expect(problems({ [name]: value })).toContain(`  ${name}: `);
});

test('all errors are reported at once', () => {
  const said = problems({ NODE_ENV: 'production', PORT: 'x', LOG_LEVEL: 'loud' });
  for (const name of ['APP_SECRET', 'APP_URL', 'PORT', 'LOG_LEVEL']) expect(said).toContain(name);
});

describe('.env.example', () => {
  const lines = readFileSync(projectPath('.env.example'), 'utf8').split('\n');
  const shown = lines.flatMap((line, at) => {
    const name = /^#?([A-Z][A-Z0-9_]*)=/.exec(line)?.[1];
    return name ? [{ name, above: lines[at - 1] ?? '' }] : [];
  });

  test('holds every variable of the configuration, and nothing else', () => {
    const source = readFileSync(projectPath('src/core/config/config.ts'), 'utf8');
    const fields = source.slice(
      source.indexOf('class AppConfig'),
      source.indexOf('get isProduction'),
    );
    const declared = [...fields.matchAll(/\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)\??\s*(?=[:=])/g)].map(
      ([, name]) => name!,
    );
    for (const name of Object.keys(new AppConfig())) expect(declared).toContain(name);
    expect(shown.map(({ name }) => name).sort()).toEqual([...new Set(declared)].sort());
    expect(validatedProperties(AppConfig).sort()).toEqual([...new Set(declared)].sort());
  });

  test('explains each of them', () => {
    for (const { name, above } of shown) {
      expect([name, above]).toEqual([name, expect.stringMatching(/^# .*[a-z]{3}/)]);
    }
  });

  test('shows valid values, except the secret in production', () => {
    const env: Record<string, string> = {};
    for (const line of lines) {
      const [, name, value] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
      if (name) env[name] = value!;
    }
    expect(problems({ NODE_ENV: 'development', ...env })).toBe('');
  });
});
