import type { Locale } from '../i18n/locales.js';

export type Role = 'admin' | 'member';
export type Theme = 'corporate' | 'night' | 'system';

/** Small facts kept with a session: what the browser hinted at, and what was put off. */
export interface SessionFlags {
  /** The profile form was put off for this session. */
  skip_profile_gate?: boolean;
  /** IANA zone, BCP 47 tag and ISO 3166 code the browser told at registration. */
  hints?: { timezone?: string; language?: string; country?: string };
}

/** Who is asking: session, user, profile and organisation, read in one statement. */
export interface Principal {
  sessionId: string;
  flags: SessionFlags;
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
  theme: Theme;
  avatarKey: string | null;
  profileCompletedAt: Date | null;
  profileActive: boolean;
  role: Role | null;
  tenantId: string | null;
  organization: string | null;
  logoKey: string | null;
}
