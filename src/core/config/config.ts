import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsPort,
  IsString,
  Matches,
  IsTimeZone,
  Max,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import { brand } from '../brand/brand.js';
import { IsOrigin, flag, list, url } from './setting-decorators.js';

/** `off`: nothing is sold. `sandbox`: a provider of our own without any money, for development. `stripe`: Stripe. */
const BILLING_PROVIDERS = ['off', 'sandbox', 'stripe', 'manual'] as const;
export type BillingProvider = (typeof BILLING_PROVIDERS)[number];

/** Every setting of the process (12-factor, https://12factor.net/config). Names equal the variables in `.env.example`. */
export class AppConfig {
  /** Default: production. `npm start` and `npm run dev` set development themselves. */
  @IsIn(['development', 'production', 'test']) NODE_ENV: 'development' | 'production' | 'test' =
    'production';

  /** What this process does: serve requests (`web`), run jobs (`worker`), or both (`all`). */
  @IsIn(['web', 'worker', 'all']) ROLE: 'web' | 'worker' | 'all' = 'all';

  @Type(() => Number) @IsInt() @Min(0) @Max(65535) PORT = 3000;
  @IsOptional() @IsString() HOST?: string;

  /** Public address; links in mails are built from it, never from a request's Host header. */
  @IsOptional() @url(['http', 'https']) APP_URL?: string;

  /** Hosts that requests may be for; one without a port stands for every port. Empty: in production that of APP_URL, else any. */
  @list() @IsString({ each: true }) ALLOWED_HOSTS: string[] = [];

  /** Express `trust proxy`: number of hops or a list of addresses. Empty: X-Forwarded-* is ignored. */
  @IsOptional() @IsString() TRUST_PROXY?: string;

  @IsOptional() @url(['postgres', 'postgresql']) DATABASE_URL?: string;
  @IsOptional() @url(['postgres', 'postgresql']) MIGRATION_DATABASE_URL?: string;
  /** The server itself, where DATABASE_URL is a pooler that gives a connection for one transaction (PgBouncer). */
  @IsOptional() @url(['postgres', 'postgresql']) DIRECT_DATABASE_URL?: string;
  @Type(() => Number) @IsInt() @Min(1) @Max(200) DATABASE_POOL_SIZE = 10;
  /** How long one statement of a request or job may take, in seconds; longer ones are answered with 503. */
  @Type(() => Number) @IsNumber() @Min(0.1) @Max(3600) STATEMENT_TIMEOUT_SECONDS = 15;
  /** When false, a separate `atrium migrate` applies migrations and this process waits for it. */
  @flag() @IsBoolean() MIGRATE_ON_START = true;
  @IsString() DATA_DIR = './data';

  /** How long a client may take to send its request, in seconds; a quarter of it for the headers. */
  @Type(() => Number) @IsInt() @Min(1) @Max(3600) REQUEST_TIMEOUT_SECONDS = 60;
  /** How long a process that is told to stop goes on serving while it says that it is not ready, in seconds. */
  @Type(() => Number) @IsInt() @Min(0) @Max(300) SHUTDOWN_DRAIN_SECONDS = 0;

  /** Every key that signs or encrypts is derived from it. At least 32 characters. Generated in development, required in production. */
  @IsOptional() @IsString() @MinLength(32) APP_SECRET?: string;

  /** bcrypt work factor (log2 of the rounds). */
  @Type(() => Number) @IsInt() @Min(4) @Max(16) BCRYPT_COST = 12;
  /** Characters of a new password where it is the only factor. */
  @Type(() => Number) @IsInt() @Min(8) @Max(64) PASSWORD_MIN_LENGTH = 12;
  /** Characters of a new password of a person who has a second factor. */
  @Type(() => Number) @IsInt() @Min(8) @Max(64) PASSWORD_MIN_LENGTH_WITH_SECOND_FACTOR = 8;
  /** Address of a service that answers `/range/<5 hex digits>` as Have I Been Pwned does; none: only the bundled list is used. */
  @IsOptional() @url(['http', 'https']) BREACHED_PASSWORDS_URL?: string;
  @Type(() => Number) @IsNumber() @Min(0.01) SESSION_IDLE_HOURS = 24 * 14;
  @Type(() => Number) @IsNumber() @Min(0.01) SESSION_ABSOLUTE_HOURS = 24 * 60;
  /** Sessions of one person at a time, browsers and API clients together; a sign-in beyond ends those unused for longest. 0: any number. */
  @Type(() => Number) @IsInt() @Min(0) @Max(1000) SESSION_MAX_PER_PERSON = 0;
  @Type(() => Number) @IsNumber() @Min(0.01) RATE_LIMIT_MULTIPLIER = 1;

  /** After how many days the audit trail forgets address and device of an entry; the entry stays. */
  @Type(() => Number) @IsInt() @Min(1) @Max(3650) AUDIT_PERSONAL_DATA_DAYS = 180;
  /** After how many days sign-ins that failed without an account leave the audit trail. */
  @Type(() => Number) @IsInt() @Min(1) @Max(3650) AUDIT_STRANGERS_DAYS = 180;

  /** Other origins whose scripts may use the API, such as `https://app.example.com`; without any, none may. */
  @list() @IsOrigin({ each: true }) CORS_ORIGINS: string[] = [];

  /**
   * Who takes the money of organisations that subscribe; `off`: nothing is sold, and everything is allowed.
   * Default: Stripe where its key is given, else the sandbox in development, and `off` elsewhere.
   */
  @IsIn(BILLING_PROVIDERS) BILLING_PROVIDER: BillingProvider = 'off';
  /** Secret or restricted key of Stripe; one of test mode sells in test mode. */
  @IsOptional() @Matches(/^[sr]k_(test|live)_\w+$/) STRIPE_SECRET_KEY?: string;
  /** Signing secrets of the webhook endpoint; several count while one takes the place of another. */
  @list() @Matches(/^whsec_\w+$/, { each: true }) STRIPE_WEBHOOK_SECRETS: string[] = [];
  /** Address of Stripe's API, where requests go through a proxy. */
  @IsOptional() @url(['http', 'https']) STRIPE_API_URL?: string;
  /** Days after a payment was due until an organisation can only read. */
  @Type(() => Number) @IsInt() @Min(0) @Max(365) BILLING_GRACE_DAYS = 14;
  /** Days after a notification of a payment provider was dealt with until it is deleted; invoices are kept 10 years. */
  @Type(() => Number) @IsInt() @Min(31) @Max(3650) BILLING_EVENT_DAYS = 400;
  /** Who issues invoices of the providers `manual` and `sandbox`; for Stripe they stay empty. */
  @IsOptional() @IsString() @MaxLength(200) BILLING_SELLER_NAME?: string;
  @IsOptional() @IsString() @MaxLength(200) BILLING_SELLER_STREET?: string;
  @IsOptional() @IsString() @MaxLength(20) BILLING_SELLER_POSTAL_CODE?: string;
  @IsOptional() @IsString() @MaxLength(100) BILLING_SELLER_CITY?: string;
  /** ISO 3166-1 alpha-2: decides whose VAT is charged. */
  @Matches(/^[A-Z]{2}$/) BILLING_SELLER_COUNTRY = 'BE';
  @IsOptional() @IsString() BILLING_SELLER_VAT_NUMBER?: string;
  @IsOptional() @IsEmail() BILLING_SELLER_EMAIL?: string;
  @IsOptional() @IsString() BILLING_SELLER_IBAN?: string;
  @IsOptional() @Matches(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/) BILLING_SELLER_BIC?: string;
  /** IANA name: what day it is in the seller's books. */
  @IsTimeZone() BILLING_SELLER_TIME_ZONE = 'Europe/Brussels';
  /** Where VAT numbers of the Union are looked up; empty: their check digits are enough. */
  @IsOptional() @url(['http', 'https']) VIES_URL?: string;

  /** Path prefixes that are exempt from the onboarding gate, besides routes that declare it. */
  @list() @IsString({ each: true }) GATE_EXEMPT_PREFIXES: string[] = [];
  /** When true, people with an unverified e-mail address cannot complete onboarding. */
  @flag() @IsBoolean() REQUIRE_VERIFIED_EMAIL = false;
  /** When true, staff need a second factor to reach the back office. Default: true in production, else false. */
  @flag() @IsBoolean() REQUIRE_STAFF_SECOND_FACTOR = true;

  @IsOptional() @url(['smtp', 'smtps']) SMTP_URL?: string;
  @IsEmail({ allow_display_name: true, require_tld: false }) MAIL_FROM =
    `"${brand.name.replace(/["\\]/g, '\\$&')}" <no-reply@localhost>`;

  /** Where people ask for help: on the page Contact, and `Reply-To` of mails. */
  @IsOptional() @IsEmail() SUPPORT_EMAIL?: string;
  /** Where weaknesses are reported, an e-mail or web address: `/.well-known/security.txt` (RFC 9116). */
  @IsOptional() @Matches(/^(https:\/\/[^\s]+|[^\s@:]+@[^\s@]+)$/) SECURITY_CONTACT?: string;

  /** Ports that addresses chosen by customers, such as those of webhooks, may name. */
  @list() @IsPort({ each: true }) OUTBOUND_PORTS: string[] = ['443'];
  /** How long a request to such an address may take, answer included, in seconds. */
  @Type(() => Number) @IsNumber() @Min(0.1) @Max(15) OUTBOUND_TIMEOUT_SECONDS = 15;
  /** Hosts with ports (`127.0.0.1:4000`) that such addresses may name without https and on any network; refused in production. */
  @list() @IsString({ each: true }) OUTBOUND_INSECURE_HOSTS: string[] = [];

  /** Bucket for uploads, on any S3-compatible service. Empty: uploads are kept in DATA_DIR/uploads. */
  @IsOptional() @Matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/) S3_BUCKET?: string;
  /** Region the requests are signed for. */
  @IsString() S3_REGION = 'us-east-1';
  /** Address of a service other than AWS, without the bucket: `https://minio.example.com`. */
  @IsOptional() @url(['http', 'https']) S3_ENDPOINT?: string;
  @IsOptional() @IsString() S3_ACCESS_KEY_ID?: string;
  @IsOptional() @IsString() S3_SECRET_ACCESS_KEY?: string;

  /** Path of a MaxMind-format country or city database. No visitor address ever leaves this host. */
  @IsOptional() @IsString() GEOIP_DB?: string;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']) LOG_LEVEL = 'info';
  /** Statements that take longer are logged, without their parameters, in milliseconds. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) SLOW_QUERY_MS?: number;

  /** Bearer token that opens `/metrics`. */
  @IsOptional() @IsString() @MinLength(16) METRICS_TOKEN?: string;
  /** A port of its own for `/metrics`, for the operator's network only; no token is asked for there. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(65535) METRICS_PORT?: number;

  /** Base address of an OTLP collector; traces go to `/v1/traces` below it. */
  @IsOptional() @url(['http', 'https']) OTEL_EXPORTER_OTLP_ENDPOINT?: string;
  @IsString() OTEL_SERVICE_NAME = 'atrium';
  /** Share of the traces that begin here and are kept, 0–1; one that began elsewhere is kept as decided there. */
  @Type(() => Number) @IsNumber() @Min(0) @Max(1) OTEL_TRACES_SAMPLER_ARG = 1;

  /** Where errors are reported to, in the protocol of Sentry. */
  @IsOptional() @url(['http', 'https']) SENTRY_DSN?: string;

  /** `APP_SECRET`, or the generated development secret. @throws when there is none */
  get secret(): string {
    if (!this.APP_SECRET) throw new ConfigError('  APP_SECRET: is required');
    return this.APP_SECRET;
  }

  get isProduction(): boolean {
    return this.NODE_ENV === 'production';
  }

  /** The allowed hosts of requests; null: any. */
  get allowedHosts(): string[] | null {
    if (this.ALLOWED_HOSTS.length > 0) return this.ALLOWED_HOSTS;
    return this.isProduction ? [new URL(this.appUrl).hostname] : null;
  }

  /** Origins besides our own to which a form may lead: the hosted pages of the payment provider. */
  get formTargets(): readonly string[] {
    return this.BILLING_PROVIDER === 'stripe'
      ? ['https://checkout.stripe.com', 'https://billing.stripe.com']
      : [];
  }

  /** `SECURITY_CONTACT` as a URI: `mailto:` for an e-mail address. */
  get securityContactUrl(): string | null {
    const { SECURITY_CONTACT: contact } = this;
    if (!contact) return null;
    return contact.startsWith('https:') ? contact : `mailto:${contact}`;
  }

  get appUrl(): string {
    return (this.APP_URL ?? `http://localhost:${this.PORT}`).replace(/\/+$/, '');
  }
}

/** Invalid configuration; the message names each variable and what it must be. */
export class ConfigError extends Error {}
