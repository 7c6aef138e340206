import type { Theme } from '../context/principal.js';
import type { PlanNotice } from '../entitlements/entitlements.js';
import type { EntitlementName, FlagName } from '../features/names.js';
import type { Locale } from '../i18n/locales.js';
import type { TextKey } from '../i18n/text-keys.js';

/** What every page needs besides its model: viewer, language, theme and position. */
export interface Shell {
  locale: Locale;
  languages: LanguageChoice[];
  theme: Theme;
  siteName: string;
  /** Path and query of the page shown; forms send it back as `next`. */
  path: string;
  csrfToken: string;
  /** Keyed hash of the signed-in person, to recognise forms of their pages. */
  ownerMark: string | null;
  nonce: string;
  /** IANA name; times are shown in it. */
  timeZone: string;
  flashes: Flash[];
  user: ShellUser | null;
  /** Impersonation of `user`, if any. */
  impersonation: ShellImpersonation | null;
  /** Read-only impersonation: controls that change something are disabled. */
  readOnly: boolean;
  /** ISO 4217 code of the organisation's currency, in which `localmoney` shows amounts. */
  currency: string;
  tenant: { name: string; logoUrl: string | null } | null;
  /** When the viewer's organisation is erased, which its admins closed; null: it is open. */
  closing: Date | null;
  /** For members of an organisation with sample data, and for admins who are offered some; null for others. */
  sampleData: { isThere: boolean; isSaid: boolean } | null;
  /** Number of unread notifications, counted up to 100. */
  unread: number;
  /** The active entry of the navigation, `dashboard` for example. */
  section: string;
  /** False while an onboarding step is left. */
  onboarded: boolean;
  /** Feature flags for the viewer; `{{#if (enabled "invoices")}}`. */
  features: Record<FlagName, boolean>;
  /** Whether anything is sold here. */
  sells: boolean;
  /** Links at the foot of public pages. */
  footer: ReadonlyArray<{ href: string; text: TextKey }>;
  /** What an admin is told about the subscription, if anything. */
  planNotice: PlanNotice | null;
  /** What the organisation bought; `{{#if (entitled "api_keys")}}`. */
  entitlements: Record<EntitlementName, boolean>;
}

export interface LanguageChoice {
  /** As POST /i18n/setlang/ takes it: `en`, `nl-be`, `fr-be`. */
  code: string;
  short: string;
  flag: string;
  /** The language's name in that language. */
  name: string;
  current: boolean;
}

export interface Flash {
  kind: 'success' | 'info' | 'warning' | 'error';
  text: string;
  /** Path to POST to for undo, and what its form holds. */
  undo: { path: string; fields: Array<{ name: string; value: string }> } | null;
}

export interface ShellUser {
  displayName: string;
  email: string;
  avatarUrl: string | null;
  initials: string;
  isAdmin: boolean;
  isStaff: boolean;
  emailVerified: boolean;
  /** Whether the account lost its address to its owner. */
  isReleased: boolean;
}

/** Texts for the superuser, in their language. */
export interface ShellImpersonation {
  locale: Locale;
  label: string;
  /** Who impersonates whom, until when, and whether they may change things. */
  text: string;
  stop: string;
  mayWrite: boolean;
}

/** A form as displayed; a refused one with the typed values (never a password) and errors. */
export interface FormModel {
  values: Record<string, string>;
  /** Translated messages by field name. */
  errors: Record<string, string[]>;
  /** Translated message about the form as a whole. */
  message: string | null;
}

export interface SelectOption {
  value: string;
  label: string;
  /** Additional search words of the option. */
  search?: string;
}
