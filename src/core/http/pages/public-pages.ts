import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { AppConfig } from '../../config/config.js';
import { currentContext } from '../../context/request-context.js';
import { Entitlements } from '../../entitlements/entitlements.js';
import type { PublicPageDeclaration } from '../../features/public-page.js';
import { listed } from '../../features/registry.js';
import { languageOf, localeFromLanguage, LOCALES, type Locale } from '../../i18n/locales.js';

/** Where search engines find a page: its own address, and that of each language. */
export interface PublicAddress {
  /** The origin, `https://app.example.com`. */
  origin: string;
  canonical: string;
  /** `nl_BE`, as Open Graph writes locales. */
  openGraphLocale: string;
  /** `x-default` is the address that answers in the language of the visitor. */
  alternates: ReadonlyArray<{ language: string; href: string }>;
}

/** The query parameter that shows a public page in a language, whatever the browser prefers. */
const PARAMETER = 'lang';

/** Pages that search engines list. */
@Injectable()
export class PublicPages {
  private pages?: readonly PublicPageDeclaration[];
  private linked?: readonly PublicPageDeclaration[];
  private readonly below = new Map<string, () => readonly string[]>();

  constructor(
    private readonly config: AppConfig,
    private readonly entitlements: Entitlements,
  ) {}

  /** Those linked at the foot of public pages. */
  get footer(): readonly PublicPageDeclaration[] {
    return (this.linked ??= this.all.filter(({ isInFooter }) => isInFooter));
  }

  /** Says which pages there are below a declared path (`isAbove`). */
  nameBelow(path: string, hrefs: () => readonly string[]): void {
    this.below.set(path, hrefs);
  }

  /** Paths of all pages that are listed. */
  get hrefs(): string[] {
    return this.all.flatMap(({ href, isAbove }) =>
      isAbove ? (this.below.get(href)?.() ?? []) : [href],
    );
  }

  /** Lowest position first. */
  get all(): readonly PublicPageDeclaration[] {
    return (this.pages ??= listed('publicPages').filter(
      ({ isOnlyWhereSold }) => !isOnlyWhereSold || this.entitlements.isOn,
    ));
  }

  /** null: the page is not listed. */
  addressOf(req: Request): PublicAddress | null {
    const href = this.hrefOf(asDeclared(req.path).toLowerCase());
    if (!href) return null;
    const asked = requestedLocale(req);
    const { locale } = currentContext();
    return {
      origin: this.config.appUrl,
      canonical: this.href(href, asked && languageOf(asked)),
      openGraphLocale: locale === 'en' ? 'en_GB' : locale.replace('-', '_'),
      alternates: this.alternates(href),
    };
  }

  /** What is below a path is named only to who asks for it: finding that out may take long. */
  private hrefOf(path: string): string | undefined {
    const found = this.all.find(({ href, isAbove }) =>
      isAbove ? path.startsWith(href) : path === href,
    );
    if (!found?.isAbove) return found?.href;
    return this.below
      .get(found.href)?.()
      .find((href) => href === path);
  }

  alternates(href: string): PublicAddress['alternates'] {
    const languages = LOCALES.map(languageOf);
    return [
      ...languages.map((language) => ({ language, href: this.href(href, language) })),
      { language: 'x-default', href: this.href(href, null) },
    ];
  }

  private href(path: string, language: string | null): string {
    return `${this.config.appUrl}${path}${language ? `?${PARAMETER}=${language}` : ''}`;
  }
}

/** The language that `?lang=` of a public page names; null where it names none of ours, or the page is another. */
export function requestedLocale({ query, path }: Request): Locale | null {
  const language = query[PARAMETER];
  if (typeof language !== 'string') return null;
  const isPublic = listed('publicPages').some(({ href, isAbove }) =>
    isAbove ? asDeclared(path).startsWith(href) : href === asDeclared(path),
  );
  return isPublic ? localeFromLanguage(language) : null;
}

/** Path and query without the parameter of the language, for links that lead to the page in another one. */
export function withoutLanguage(originalUrl: string): string {
  const at = originalUrl.indexOf('?');
  if (at < 0) return originalUrl;
  const parts = originalUrl.slice(at + 1).split('&');
  const rest = parts.filter((part) => !part.startsWith(`${PARAMETER}=`)).join('&');
  return originalUrl.slice(0, at) + (rest && `?${rest}`);
}

function asDeclared(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
