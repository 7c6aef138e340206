/** The interface languages (BCP 47). */
export const LOCALES = ['en', 'nl-BE', 'fr-BE'] as const;

/**
 * Pseudo-locale for development: accented, longer English. Plain text on a page is not translated, and
 * overflowing text would overflow in longer languages.
 */
export const PSEUDO_LOCALE = 'en-XA';

export type Locale = (typeof LOCALES)[number] | typeof PSEUDO_LOCALE;
export const DEFAULT_LOCALE: Locale = 'en';

/** What the language form posts and the cookie stores: one of `offered`, in lower case. */
export function localeFromCode(code: unknown, offered: readonly Locale[] = LOCALES): Locale | null {
  if (typeof code !== 'string') return null;
  return offered.find((locale) => locale.toLowerCase() === code.toLowerCase()) ?? null;
}

/** The selectable languages; the pseudo-locale in development only. */
export function offeredLocales({ isProduction }: { isProduction: boolean }): readonly Locale[] {
  return isProduction ? LOCALES : [...LOCALES, PSEUDO_LOCALE];
}

/** ISO 639-1 part, as kept on the profile (`nl-BE` → `nl`). */
export function languageOf(locale: Locale): string {
  return locale.slice(0, 2);
}

/** The locale for an ISO 639 language (`nl`, `nl-NL` → `nl-BE`). */
export function localeFromLanguage(tag: string | null | undefined): Locale | null {
  const language = tag?.toLowerCase().split('-')[0];
  return LOCALES.find((locale) => languageOf(locale) === language) ?? null;
}
