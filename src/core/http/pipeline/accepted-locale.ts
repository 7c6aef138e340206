import type { Request } from 'express';
import {
  DEFAULT_LOCALE,
  languageOf,
  localeFromLanguage,
  LOCALES,
  type Locale,
} from '../../i18n/locales.js';

/** Without regions: `nl-NL` asks for `nl`, which is spoken as in Belgium here. */
const LANGUAGES = LOCALES.map(languageOf);

/** The locale that `Accept-Language` prefers (RFC 9110 §12.5.4); the default where it names none of ours. */
export function acceptedLocale(req: Request): Locale {
  return localeFromLanguage(req.acceptsLanguages(LANGUAGES) || null) ?? DEFAULT_LOCALE;
}
