import { Injectable } from '@nestjs/common';
import { I18nService } from 'nestjs-i18n';
import { brand } from '../brand/brand.js';
import { AppConfig } from '../config/config.js';
import { currentContext } from '../context/request-context.js';
import { BoundedCache } from '../utils/bounded-cache.js';
import { DEFAULT_LOCALE, PSEUDO_LOCALE, type Locale } from './locales.js';
import { pseudo } from './pseudo.js';
import type { TextKey } from './text-keys.js';

interface TextOptions {
  lang: string;
  args?: Record<string, unknown>;
}

/** Maximum length of a cached text; longer ones contain typed text. */
const LONGEST_KEPT = 500;

/** Translates text keys into the language of the request or job. */
@Injectable()
export class Translator {
  private readonly isKept: boolean;
  /** Cache of translated texts by language. */
  private readonly said = new Map<string, BoundedCache<string, string>>();

  constructor(
    private readonly i18n: I18nService,
    config: AppConfig,
  ) {
    this.isKept = config.NODE_ENV !== 'development';
  }

  /**
   * `args` fill the `{names}` of the text; `count` chooses among its plural forms. `{site}` is the product's name.
   */
  t(
    key: TextKey,
    args?: Record<string, unknown>,
    locale: Locale = currentContext().locale,
  ): string {
    return this.translate(key, args ? { lang: locale, args } : { lang: locale });
  }

  /** For keys known at run time only, such as those in templates. */
  translate(key: string, options: TextOptions): string {
    if (!this.isKept) return this.found(key, options);
    const { lang, args } = options;
    let said = this.said.get(lang);
    if (!said) this.said.set(lang, (said = new BoundedCache(5_000)));
    const name = args ? `${key} ${JSON.stringify(args)}` : key;
    if (name.length > LONGEST_KEPT) return this.found(key, options);
    return said.get(name) ?? said.set(name, this.found(key, options));
  }

  private found(key: string, { lang, args }: TextOptions): string {
    const isPseudo = lang === PSEUDO_LOCALE;
    const sentence = this.sentence(key, isPseudo ? DEFAULT_LOCALE : lang, args?.count);
    const text = args ? filled(sentence, args) : sentence.replaceAll('{site}', () => brand.name);
    return isPseudo ? pseudo(text) : text;
  }

  /** The library chooses language and plural form; it gets the count and no user input. */
  private sentence(key: string, lang: string, count: unknown): string {
    const options = count === undefined ? { lang } : { lang, args: { count } };
    const text = this.i18n.translate<string, unknown>(key, options);
    if (typeof text === 'string') return text;
    // Falls back to `other` where a text lacks a plural category (French `many`).
    const rest: unknown = this.i18n.translate(`${key}.other`, options);
    return typeof rest === 'string' ? rest : key;
  }
}

/**
 * Substitutes `{names}` last, outside the library, which would resolve `$t(key)` within user input; `{site}` is the
 * name of the product in every text.
 */
function filled(sentence: string, args: Record<string, unknown>): string {
  const values = args as Record<string, string | number | null | undefined>;
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : name === 'site' ? brand.name : null;
    return String(value ?? '');
  });
}
