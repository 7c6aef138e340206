import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { brand } from '../../brand/brand.js';
import { AppConfig } from '../../config/config.js';
import type { Principal, Theme } from '../../context/principal.js';
import { currentContext, currentCurrency } from '../../context/request-context.js';
import { Entitlements, type PlanNotice } from '../../entitlements/entitlements.js';
import { FeatureFlags } from '../../flags/feature-flags.js';
import { PSEUDO_LOCALE, type Locale } from '../../i18n/locales.js';
import { Translator } from '../../i18n/translator.js';
import { formatDate } from '../../views/intl.js';
import type { LanguageChoice, Shell, ShellImpersonation, ShellUser } from '../../views/shell.js';
import { Cookies } from '../security/cookies.js';
import { Csrf } from '../security/csrf.js';
import { Drafts } from '../forms/drafts.js';
import { Flashes } from '../forms/flash.js';
import { reachesNobody } from '../../mail/mailer.js';
import { SampleDataState } from './sample-data-state.js';
import { PublicPages, withoutLanguage } from './public-pages.js';
import { nextOnboardingStep } from '../access/onboarding-steps.js';

/** Builds what every page shows around its content, without a database query. */
@Injectable()
export class ShellBuilder {
  constructor(
    private readonly cookies: Cookies,
    private readonly csrf: Csrf,
    private readonly flashes: Flashes,
    private readonly drafts: Drafts,
    private readonly features: FeatureFlags,
    private readonly entitlements: Entitlements,
    private readonly publicPages: PublicPages,
    private readonly samples: SampleDataState,
    private readonly texts: Translator,
    private readonly config: AppConfig,
  ) {}

  build(req: Request, res: Response, section: string): Shell {
    const { principal, locale } = currentContext();
    return {
      locale,
      languages: LANGUAGES[locale],
      theme: themeOf(principal, this.cookies.read(req, 'theme')),
      siteName: brand.name,
      path: withoutLanguage(req.originalUrl),
      csrfToken: this.csrf.token(req, res),
      ownerMark: principal && this.drafts.ownerMark(principal.userId),
      nonce: String(res.locals.nonce ?? ''),
      timeZone: principal?.timezone ?? 'UTC',
      flashes: this.flashes.consume(req, res),
      user: principal && shellUser(principal),
      impersonation: principal && this.acting(principal, locale),
      readOnly: principal?.impersonator?.mayWrite === false,
      tenant:
        principal?.tenantId && principal.profileActive
          ? { name: principal.organization ?? '', logoUrl: mediaUrl(principal.logoKey) }
          : null,
      closing: principal?.profileActive ? principal.eraseAt : null,
      sampleData: this.samples.of(principal, section),
      unread: principal?.unreadNotifications ?? 0,
      currency: currentCurrency(),
      section,
      features: this.features.all(),
      sells: this.entitlements.isOn,
      footer: this.publicPages.footer,
      planNotice: this.planNotice(principal),
      entitlements: this.entitlements.all(principal?.plan).entitlements,
      onboarded: principal !== null && nextOnboardingStep(principal, this.config) === null,
    };
  }

  /** For admins in person: staff who act on behalf see nothing of billing. */
  private planNotice(principal: Principal | null): PlanNotice | null {
    if (principal?.role !== 'admin' || !principal.profileActive || principal.impersonator)
      return null;
    // One thing at a time: it is closed.
    if (principal.eraseAt) return null;
    return this.entitlements.notice(principal.plan);
  }

  /**
   * Texts of the impersonation banner, in the superuser's language, or the page's where they have chosen
   * none.
   */
  private acting(principal: Principal, pageLocale: Locale): ShellImpersonation | null {
    const { impersonator, displayName, email, timezone } = principal;
    if (!impersonator) return null;
    const { name: staff, until, mayWrite } = impersonator;
    const locale = impersonator.locale ?? pageLocale;
    const time = formatDate(until, locale, timezone ?? 'UTC', 'clock');
    const sentence = mayWrite ? 'layout.acting.may_write' : 'layout.acting.read_only';
    return {
      locale,
      label: this.texts.t('layout.acting.label', {}, locale),
      text: this.texts.t(sentence, { staff, person: displayName ?? email, time }, locale),
      stop: this.texts.t('layout.acting.stop', {}, locale),
      mayWrite,
    };
  }
}

const THEMES = new Set(['corporate', 'night', 'system']);

export function isTheme(value: unknown): value is Theme {
  return typeof value === 'string' && THEMES.has(value);
}

/** During impersonation the theme is the superuser's choice. */
function themeOf(principal: Principal | null, cookie: string | undefined): Theme {
  const chosen = isTheme(cookie) ? cookie : null;
  if (!principal) return chosen ?? 'system';
  return (principal.impersonator && chosen) ?? principal.theme;
}

/** Public path of an uploaded image. */
export function mediaUrl(key: string | null): string | null {
  return key ? `/media/${key}` : null;
}

function shellUser(principal: Principal): ShellUser {
  const { displayName, email, role, isStaff, emailVerified, avatarKey } = principal;
  return {
    displayName: displayName ?? email,
    email,
    avatarUrl: mediaUrl(avatarKey),
    initials: initialsOf(displayName ?? email),
    isAdmin: role === 'admin' && principal.profileActive,
    isStaff,
    emailVerified,
    isReleased: reachesNobody(email),
  };
}

/** `Peter Janssens` → `PJ`. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s@._-]+/).filter(Boolean);
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? '');
  return letters.join('').toUpperCase() || '?';
}

const CHOICES: readonly ({ locale: Locale } & Omit<LanguageChoice, 'current'>)[] = [
  { locale: 'en', code: 'en', short: 'en', flag: '🇬🇧', name: 'English' },
  { locale: 'nl-BE', code: 'nl-be', short: 'nl', flag: '🇧🇪', name: 'Nederlands' },
  { locale: 'fr-BE', code: 'fr-be', short: 'fr', flag: '🇧🇪', name: 'Français' },
];

const PSEUDO = {
  locale: PSEUDO_LOCALE,
  code: 'en-xa',
  short: 'xa',
  flag: '🏁',
  name: 'Þšéúðö',
} as const;

const languagesIn = (current: Locale): LanguageChoice[] =>
  (current === PSEUDO_LOCALE ? [...CHOICES, PSEUDO] : CHOICES).map(({ locale, ...choice }) => ({
    ...choice,
    current: locale === current,
  }));

const LANGUAGES: Record<Locale, LanguageChoice[]> = {
  en: languagesIn('en'),
  'nl-BE': languagesIn('nl-BE'),
  'fr-BE': languagesIn('fr-BE'),
  [PSEUDO_LOCALE]: languagesIn(PSEUDO_LOCALE),
};
