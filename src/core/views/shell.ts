import type { Theme } from '../context/principal.js';
import type { FlagName } from '../features/names.js';
import type { Locale } from '../i18n/locales.js';

/** What every page needs besides its own model: who is looking, in which language, theme and place. */
export interface Shell {
  locale: Locale;
  languages: LanguageChoice[];
  theme: Theme;
  siteName: string;
  /** Path and query of the page shown; forms send it back as `next`. */
  path: string;
  csrfToken: string;
  /** Of whoever is signed in: tells that a form was on a page of theirs. */
  ownerMark: string | null;
  nonce: string;
  /** IANA name; times are shown in it. */
  timeZone: string;
  flashes: Flash[];
  user: ShellUser | null;
  /** Staff who act on behalf of `user`. */
  impersonation: ShellImpersonation | null;
  /** Those staff only look: whatever would change something is off. */
  readOnly: boolean;
  tenant: { name: string; logoUrl: string | null } | null;
  /** The active entry of the navigation, `dashboard` for example. */
  section: string;
  /** False while the onboarding gate still has a step for this person. */
  onboarded: boolean;
  /** Which features are on for whoever looks; `{{#if (enabled "invoices")}}`. */
  features: Record<FlagName, boolean>;
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
  /** Where to POST to take it back. */
  undo: string | null;
}

export interface ShellUser {
  displayName: string;
  email: string;
  avatarUrl: string | null;
  initials: string;
  isAdmin: boolean;
  isStaff: boolean;
  emailVerified: boolean;
  /** The account has lost its address to whoever reads it. */
  isReleased: boolean;
}

/** Sentences for the staff, in their own language. */
export interface ShellImpersonation {
  locale: Locale;
  label: string;
  /** Who acts as whom, until when, and whether they may change things. */
  text: string;
  stop: string;
  mayWrite: boolean;
}

/** A form as its page shows it; a refused one carries what was typed (never a password) and why. */
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
  /** More words the type-to-filter list finds this option by. */
  search?: string;
}
