import type { Locale } from '../i18n/locales.js';
import type { Permission } from '../features/names.js';

export type Role = 'admin' | 'member';
export type Theme = 'corporate' | 'night' | 'system';

/** Small facts kept with a session: what the browser hinted at, and what was put off. */
export interface SessionFlags {
  /** The profile form was put off for this session. */
  skip_profile_gate?: boolean;
  /** IANA zone, BCP 47 tag and ISO 3166 code the browser told at registration. */
  hints?: { timezone?: string; language?: string; country?: string };
}

/** A member of staff who acts on behalf of somebody, for a while. */
export interface Impersonator {
  id: string;
  name: string;
  /** Their own language; null where they have chosen none. */
  locale: Locale | null;
  /** Their own session: this one ends with it, and they go back to it. */
  sessionId: string;
  /** False: they only look. */
  mayWrite: boolean;
  until: Date;
}

/** The person who is asking: session, user, profile and organisation, read in one statement. */
export interface Principal {
  sessionId: string;
  flags: SessionFlags;
  /** Who really is at the keyboard, where it is not that person. */
  impersonator: Impersonator | null;
  userId: string;
  email: string;
  emailVerified: boolean;
  isStaff: boolean;
  isSuperuser: boolean;
  profileId: string;
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
  /** False once the access was taken away: from this person, or from the whole organisation. */
  profileActive: boolean;
  role: Role | null;
  tenantId: string | null;
  organization: string | null;
  /** Null where there is no organisation. */
  tenantActive: boolean | null;
  logoKey: string | null;
}

/**
 * A machine that is asking: it shows a key of its organisation and acts as that organisation. It is no
 * person: it has no session, no profile and no role, only the scopes of its key.
 */
export interface ApiKeyPrincipal {
  keyId: string;
  /** What people call the key. */
  name: string;
  scopes: readonly Permission[];
  tenantId: string;
  organization: string;
  logoKey: string | null;
}

/** Whoever acts in an organisation: one of its people, or one of its machines. */
export type Actor = Principal | ApiKeyPrincipal;

export function isApiKey(actor: Actor): actor is ApiKeyPrincipal {
  return 'keyId' in actor;
}

/** The id of the person; null for a machine, which is nobody in the organisation. */
export function personOf(actor: Actor): string | null {
  return isApiKey(actor) ? null : actor.userId;
}
