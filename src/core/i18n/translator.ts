import { Injectable } from '@nestjs/common';
import { I18nService } from 'nestjs-i18n';
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

/** Longer ones, made of what somebody typed, are not worth their room. */
const LONGEST_KEPT = 500;

/** Sentences for people, by key, in the language of the request or job. */
@Injectable()
export class Translator {
  private readonly isKept: boolean;
  /** By language: what was said lately. Pages say the same again and again, and finding it takes its time. */
  private readonly said = new Map<string, BoundedCache<string, string>>();

  constructor(
    private readonly i18n: I18nService,
    config: AppConfig,
  ) {
    this.isKept = config.NODE_ENV !== 'development';
  }

  /** `args` fill the `{names}` of the text; `count` chooses among its plural forms. */
  t(
    key: TextKey,
    args?: Record<string, unknown>,
    locale: Locale = currentContext().locale,
  ): string {
    return this.translate(key, args ? { lang: locale, args } : { lang: locale });
  }

  /** For keys that are not known before run time: those of templates. */
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
    const text = args ? filled(sentence, args) : sentence;
    return isPseudo ? pseudo(text) : text;
  }

  /** The library chooses language and plural form; it sees the count, and nothing that people typed. */
  private sentence(key: string, lang: string, count: unknown): string {
    const options = count === undefined ? { lang } : { lang, args: { count } };
    const text = this.i18n.translate<string, unknown>(key, options);
    if (typeof text === 'string') return text;
    // A language has plural categories a text need not tell apart (French `many`): `other` says them all.
    const rest: unknown = this.i18n.translate(`${key}.other`, options);
    return typeof rest === 'string' ? rest : key;
  }
}

/**
 * Fills the `{names}` of a sentence, once and last: the library looks for nested texts (`$t(key)`) in what
 * it has filled in itself, and would execute those that stand in somebody's name.
 */
function filled(sentence: string, args: Record<string, unknown>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(args, name) ? args[name] : null;
    return value === null || value === undefined ? '' : `${value as string}`;
  });
}
