import type Handlebars from 'handlebars';
import type { HelperOptions } from 'handlebars';
import { MOST_COUNTED } from '../database/keyset.js';
import type { EntitlementName, Permission } from '../features/names.js';
import { permissionsOf } from '../features/registry.js';
import type { Card } from '../http/pages/card.js';
import { progressAt } from '../http/access/onboarding-steps.js';
import { countryName, currencyName, languageName } from '../i18n/display-names.js';
import { FragmentCache } from './fragment-cache.js';
import { icon } from './icons.js';
import * as intl from './intl.js';
import * as links from './links.js';
import type { Shell } from './shell.js';

export type TranslateOptions = { lang: string; args?: Record<string, unknown> };
export type Translate = (key: string, options: TranslateOptions) => string;

export interface HelperSources {
  cache: boolean;
  translate: Translate;
  asset: (name: string) => string;
  /** Compiles a partial for pages in `locale`. */
  partial: (name: string, locale: string) => Handlebars.TemplateDelegate;
}

/** Registers the helpers of templates. All are pure; strings are escaped. */
export function registerViewHelpers(handlebars: typeof Handlebars, sources: HelperSources): void {
  const { SafeString, escapeExpression } = handlebars;
  const frames = new FragmentCache();

  const time = (date: intl.DateInput, text: string, title?: string) => {
    const tooltip = title ? ` title="${escapeExpression(title)}"` : '';
    const machine = new Date(date).toISOString();
    return new SafeString(`<time datetime="${machine}"${tooltip}>${escapeExpression(text)}</time>`);
  };

  const helpers: Record<string, Handlebars.HelperDelegate> = {
    /** `{{t "users.login.title" name=x}}`; `count=` chooses among plural forms. */
    t: (key: string, options: HelperOptions) => {
      const { locale } = shellOf(options);
      const args = options.hash as Record<string, unknown>;
      return sources.translate(key, isEmpty(args) ? { lang: locale } : { lang: locale, args });
    },
    /** `{{localtime date style="medium"}}`: styles of `intl.formatDate`. */
    localtime: (date: intl.DateInput | null, options: HelperOptions) => {
      if (!date) return '';
      const { locale, timeZone } = shellOf(options);
      return time(date, intl.formatDate(date, locale, timeZone, styleOf(options)));
    },
    /** `{{#if (isToday date)}}`: in the person's time zone. */
    isToday: (date: intl.DateInput, options: HelperOptions) => {
      const { timeZone } = shellOf(options);
      const dayOf = (at: intl.DateInput) => intl.formatDate(at, 'en', timeZone, 'date');
      return dayOf(date) === dayOf(Date.now());
    },
    /** `{{t "…" date=(dateText date)}}`: the day in words, for a sentence. */
    dateText: (date: intl.DateInput | null, options: HelperOptions) => {
      const { locale, timeZone } = shellOf(options);
      return date ? intl.formatDate(date, locale, timeZone, 'long') : '';
    },
    /** `{{relativetime date}}`: "3 hours ago", with the full time as tooltip. */
    relativetime: (date: intl.DateInput | null, options: HelperOptions) => {
      if (!date) return '';
      const { locale, timeZone } = shellOf(options);
      const full = intl.formatDate(date, locale, timeZone, 'medium');
      return time(date, intl.formatRelative(date, locale), full);
    },
    /** `{{day "2026-02-28"}}`: a calendar day, independent of time zones. */
    day: (date: string | null, options: HelperOptions) => {
      if (!date) return '';
      const text = intl.formatDate(date, shellOf(options).locale, 'UTC', 'date');
      return new SafeString(`<time datetime="${date}">${escapeExpression(text)}</time>`);
    },
    /** `{{#if (isOver "2026-02-28")}}`: whether a calendar day is before today in the person's time zone. */
    isOver: (date: string, options: HelperOptions) =>
      date < intl.isoDay(Date.now(), shellOf(options).timeZone),
    number: (value: number, options: HelperOptions) =>
      intl.formatNumber(value, shellOf(options).locale),
    /** `{{counted totals.count}}`: "1,234", or "10,000+" where a list counts no further. */
    counted: (count: number, options: HelperOptions) => {
      const shown = intl.formatNumber(Math.min(count, MOST_COUNTED), shellOf(options).locale);
      return count > MOST_COUNTED ? `${shown}+` : shown;
    },
    /** `{{filesize bytes}}`: kB and MB, localised. */
    filesize: (bytes: number, options: HelperOptions) =>
      intl.formatSize(bytes, shellOf(options).locale),
    /** `amount` counts the currency's minor units (cents), as the database and Stripe do. */
    money: (amount: number, currency: string, options: HelperOptions) =>
      intl.formatMoney(amount, currency, shellOf(options).locale),
    /** `{{localmoney total}}`: like `money`, in the organisation's currency. */
    localmoney: (minorUnits: number | null, options: HelperOptions) => {
      const { currency, locale } = shellOf(options);
      return minorUnits === null ? '' : intl.formatMoney(minorUnits, currency, locale);
    },
    /** `{{localdecimal "12.5"}}`: a decimal number that is a text, so that no digit is lost. */
    localdecimal: (value: string | null, options: HelperOptions) =>
      value === null ? '' : intl.formatDecimal(value, shellOf(options).locale),
    /** `{{countryname "BE"}}`: "Belgium", "België"; likewise languages and currencies. Unknown codes as they are. */
    countryname: (code: string, options: HelperOptions) =>
      countryName(code, shellOf(options).locale),
    languagename: (code: string, options: HelperOptions) =>
      languageName(code, shellOf(options).locale),
    currencyname: (code: string, options: HelperOptions) =>
      currencyName(code, shellOf(options).locale),
    /** `{{coded "Send `If-Match`"}}`: what stands between backticks as code, which is not translated. */
    coded: (text: string | null | undefined) =>
      new SafeString(
        escapeExpression(text ?? '').replace(
          /&#x60;(.+?)&#x60;/g,
          '<code translate="no">$1</code>',
        ),
      ),
    asset: (name: string) => sources.asset(name),
    flag: (code: string) => new SafeString(`<span aria-hidden="true">${intl.flagOf(code)}</span>`),
    /** `{{icon "check" class="size-4"}}`: decorative; the adjacent text carries the meaning. */
    icon: (name: string, options: HelperOptions) =>
      new SafeString(icon(name, (options.hash as { class?: string }).class)),

    /** `{{frame "shell/topbar"}}`: a cached partial that reads the shell only. */
    frame: (name: string, options: HelperOptions) => {
      const { shell } = (options.data as { root: { shell: Shell } }).root;
      const template = sources.partial(name, shell.locale);
      const html = sources.cache ? frames.render(name, template, shell) : template({ shell });
      return new SafeString(html);
    },
    /** `{{#if (enabled "invoices")}}`: whether a flag is on for the viewer. */
    enabled: (flag: string, options: HelperOptions) => {
      const isOn = (shellOf(options).features as Record<string, boolean | undefined>)[flag];
      if (isOn === undefined) throw new Error(`No feature "${flag}"`);
      return isOn;
    },

    /** `{{#if (entitled "api_keys")}}`: whether the organisation of whoever looks has bought it. */
    entitled: (entitlement: EntitlementName, options: HelperOptions) => {
      const isBought = shellOf(options).entitlements[entitlement];
      if (isBought === undefined) throw new Error(`No entitlement "${entitlement}"`);
      return isBought;
    },

    /** `{{#if (may "invoices:write")}}`: whether the viewer has the permission. */
    may: (permission: Permission, options: HelperOptions) => {
      const { user, tenant } = shellOf(options);
      if (!user || !tenant) return false;
      return permissionsOf(user.isAdmin ? 'admin' : 'member').includes(permission);
    },
    /** `{{#each cards}}{{contributedCard this}}{{/each}}`: a card that another feature made of its own view. */
    contributedCard: ({ view, model }: Card, options: HelperOptions) => {
      const shell = shellOf(options);
      return new SafeString(sources.partial(view, shell.locale)({ ...model, shell }));
    },

    /**
     * `{{#each (navigation "main")}}`, `(dock)`, `(settingsTabs)`, `(profileSections)`, `(dashboardActions)`:
     * what features declare.
     */
    navigation: (group: 'main' | 'administration', options: HelperOptions) =>
      links.navigation(group, shellOf(options)),
    dock: (options: HelperOptions) => links.dock(shellOf(options)),
    settingsTabs: (options: HelperOptions) => links.tabs('settingsTabs', shellOf(options)),
    profileSections: (options: HelperOptions) => links.tabs('profileSections', shellOf(options)),
    dashboardActions: (options: HelperOptions) => links.dashboardActions(shellOf(options)),
    /** `{{#with (onboardingProgress "tenant")}}`: at the step or offer of that name. */
    onboardingProgress: (current: string) => progressAt(current),

    eq: (a: unknown, b: unknown) => a === b,
    ne: (a: unknown, b: unknown) => a !== b,
    and: (...all: unknown[]) => all.slice(0, -1).every(isTruthy),
    or: (...all: unknown[]) => all.slice(0, -1).find(isTruthy) ?? false,
    not: (value: unknown) => !isTruthy(value),
    /** Number of entries of a list or record. */
    size: (collection?: object) => Object.keys(collection ?? {}).length,
    /** `(list "draft" "sent")`: its arguments. */
    list: (...all: unknown[]) => all.slice(0, -1),
    concat: (...all: unknown[]) => all.slice(0, -1).map(textOf).join(''),
    join: (list: unknown[] | undefined, separator: string) => (list ?? []).join(separator),
  };
  handlebars.registerHelper(helpers as Handlebars.HelperDeclareSpec);
}

function shellOf(options: HelperOptions): Shell {
  const root = (options.data as { root: { shell: Shell } }).root;
  return root.shell;
}

function styleOf(options: HelperOptions): intl.DateStyle {
  return ((options.hash as { style?: intl.DateStyle }).style ?? 'medium') satisfies intl.DateStyle;
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}

/** Truthiness as of Handlebars' `if`: an empty list is false. */
function isTruthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
