import type { Locale } from '../i18n/locales.js';
import type { TenantPlan } from '../entitlements/tenant-plan.js';
import type { Permission } from '../features/names.js';

/** Days for which an organisation is new. */
export const NEW_DAYS = 30;

export type Role = 'admin' | 'member';
export type Theme = 'corporate' | 'night' | 'system';

/** Data of a session: hints of the browser and postponed steps. */
export interface SessionFlags {
  /** The profile step was postponed for this session. */
  skip_profile_gate?: boolean;
  /** IANA zone, BCP 47 tag and ISO 3166-1 code sent by the browser at registration. */
  hints?: { timezone?: string; language?: string; country?: string };
}

/**
 * Authentication assurance level of a session (NIST SP 800-63B-4 §2): 1 one factor, 2 two different ones or a
 * factor that is both.
 */
export type Assurance = 1 | 2;

/** The superuser who impersonates a person. */
export interface Impersonator {
  id: string;
  name: string;
  /** Their language; null where they have chosen none. */
  locale: Locale | null;
  /** Their own session, to which they return; this one ends with it. */
  sessionId: string;
  /** False: read only. */
  mayWrite: boolean;
  until: Date;
}

/** The authenticated person: session, user, profile and organisation, read in one statement. */
export interface Principal {
  sessionId: string;
  flags: SessionFlags;
  /** The superuser who impersonates this person, if any. */
  impersonator: Impersonator | null;
  /** When the person last proved who they are in this session. */
  authenticatedAt: Date;
  /** Whether that was within the last `STEP_UP_MINUTES`, by the database's clock. */
  isRecentlyAuthenticated: boolean;
  assurance: Assurance;
  /** How they proved it: `password`, and the kinds of second factors. */
  methods: readonly string[];
  userId: string;
  email: string;
  emailVerified: boolean;
  isStaff: boolean;
  isSuperuser: boolean;
  /** Kinds of second factors the person has; a sign-in waits for one of them. */
  secondFactors: readonly string[];
  profileId: string;
  profileVersion: number;
  displayName: string | null;
  locale: Locale | null;
  /** IANA name. */
  timezone: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
  theme: Theme;
  marketingEmails: boolean;
  avatarKey: string | null;
  profileCompletedAt: Date | null;
  /** Number of unread notifications, counted up to 100. */
  unreadNotifications: number;
  /** False when access was revoked for this person or the whole organisation. */
  profileActive: boolean;
  role: Role | null;
  tenantId: string | null;
  organization: string | null;
  /** ISO 4217 code of the organisation's currency; null where it has chosen none. */
  currency: string | null;
  /** Null without an organisation. */
  tenantActive: boolean | null;
  logoKey: string | null;
  /** When the organisation is erased, which its admins closed; null: it is open. */
  eraseAt: Date | null;
  /** Whether the organisation was created in the last 30 days. */
  isTenantNew: boolean;
  /** Whether it has sample data. */
  hasSampleData: boolean;
  /** The day (ISO 8601, UTC) from which the organisation requires a second factor; null: it does not. */
  secondFactorFrom: string | null;
  /** Whether that day has come. */
  isSecondFactorDue: boolean;
  /** What the organisation bought; null where there is none. */
  plan: TenantPlan | null;
}

/**
 * An authenticated API key. It acts as its organisation: it has no session, profile or role, only the scopes
 * of the key.
 */
export interface ApiKeyPrincipal {
  keyId: string;
  /** Display name of the key. */
  name: string;
  scopes: readonly Permission[];
  tenantId: string;
  organization: string;
  logoKey: string | null;
  /** When the organisation is erased, which its admins closed; null: it is open. */
  eraseAt: Date | null;
  plan: TenantPlan;
}

/** An actor in an organisation: a person or an API key. */
export type Actor = Principal | ApiKeyPrincipal;

export function isApiKey(actor: Actor): actor is ApiKeyPrincipal {
  return 'keyId' in actor;
}

/** User id of a person; null for an API key. */
export function personOf(actor: Actor): string | null {
  return isApiKey(actor) ? null : actor.userId;
}
