import { Injectable } from '@nestjs/common';
import { I18nService } from 'nestjs-i18n';
import { currentScope } from '../context/request-context.js';
import { DEFAULT_LOCALE, PSEUDO_LOCALE, type Locale } from './locales.js';
import { pseudo } from './pseudo.js';
import type { TextKey } from './text-keys.js';

/** Sentences for people, by key, in the language of the request or job. */
@Injectable()
export class Texts {
  constructor(private readonly i18n: I18nService) {}

  /** `args` fill the `{names}` of the text; `count` chooses among its plural forms. */
  say(
    key: TextKey,
    args: Record<string, unknown> = {},
    locale: Locale = currentScope().locale,
  ): string {
    return this.translate(key, { lang: locale, args });
  }

  /** For keys that are not known before run time: those of templates. */
  translate(key: string, options: { lang: string; args?: Record<string, unknown> }): string {
    if (options.lang !== PSEUDO_LOCALE) return this.found(key, options);
    return pseudo(this.found(key, { ...options, lang: DEFAULT_LOCALE }));
  }

  private found(key: string, options: { lang: string; args?: Record<string, unknown> }): string {
    const text = this.i18n.translate<string, unknown>(key, options);
    if (typeof text === 'string') return text;
    // A language has plural categories a text need not tell apart (French `many`): `other` says them all.
    const rest: unknown = this.i18n.translate(`${key}.other`, options);
    return typeof rest === 'string' ? rest : key;
  }
}
