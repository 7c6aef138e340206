import { memo } from '../utils/memo.js';
import type { Locale } from './locales.js';

/** Intl instances are expensive to create and cheap to use. */
const remember = memo();

/** Languages of ISO 639-1 that CLDR names like another one: Serbian, Filipino, Akan. */
const LIKE_ANOTHER: Partial<Record<string, string>> = {
  sh: 'Serbo-Croatian',
  tl: 'Tagalog',
  tw: 'Twi',
};

/** "Belgium", "België", "Belgique". `fallback` is the stored English name, else the code. */
export function countryName(code: string, locale: Locale, fallback = code): string {
  return displayName('region', code, locale) ?? fallback;
}

/**
 * Only for codes with a CLDR name of their own: it names `cmn` like `zh` and `tl` like `fil`, and a list
 * would contain a name twice.
 */
export function languageName(
  code: string,
  locale: Locale,
  fallback = LIKE_ANOTHER[code] ?? code,
): string {
  const isItself =
    isWellFormed(code) && !LIKE_ANOTHER[code] && Intl.getCanonicalLocales(code)[0] === code;
  return (isItself ? displayName('language', code, locale) : undefined) ?? fallback;
}

export function currencyName(code: string, locale: Locale, fallback = code): string {
  return displayName('currency', code, locale) ?? fallback;
}

function displayName(type: 'region' | 'language' | 'currency', code: string, locale: Locale) {
  const names = remember(
    `${type} ${locale}`,
    () => new Intl.DisplayNames(locale, { type, fallback: 'none' }),
  );
  try {
    return names.of(code);
  } catch {
    return undefined; // not the shape of a code at all
  }
}

function isWellFormed(code: string): boolean {
  return /^[a-z]{2,3}$/.test(code);
}
