import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../core/database/unit-of-work.js';
import { countryName, currencyName, languageName } from '../core/i18n/display-names.js';
import type { Locale } from '../core/i18n/locales.js';

export interface CountryRow {
  id: number;
  code: string;
  code3: string;
  numeric: string;
  name: string;
}
export interface LanguageRow {
  id: number;
  code: string;
  name: string;
}
export interface TimezoneRow {
  id: number;
  name: string;
  label: string;
  offsetSeconds: number;
  aliasOf: string | null;
}
export interface CurrencyRow {
  id: number;
  code: string;
  numeric: string;
  name: string;
  minorUnits: number;
}

export interface ListFilter {
  /** ISO 3166-1 alpha-2, any case: only what is linked to that country (none when unknown). */
  country?: string;
}
export interface TimezoneFilter extends ListFilter {
  /** `false` excludes older spellings (`Asia/Calcutta`); default: all names. */
  aliases?: boolean;
}

/**
 * Reference data, localised. The tables change only when a release loads new data before serving, so each is
 * read once per process; `forget()` clears the cache.
 */
@Injectable()
export class ReferenceRepository {
  private readonly memory = new Map<string, Promise<readonly unknown[]>>();

  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Named in the locale and sorted by that name, as are languages and currencies. */
  async countries(locale: Locale, { country }: ListFilter = {}): Promise<readonly CountryRow[]> {
    const all = await this.named('country', locale, () => this.countryRows(), countryName);
    return country === undefined ? all : all.filter(({ code }) => code === country.toUpperCase());
  }

  async languages(locale: Locale, filter: ListFilter = {}): Promise<readonly LanguageRow[]> {
    const all = await this.named('language', locale, () => this.languageRows(), languageName);
    return this.ofCountry(filter.country, 'language', all);
  }

  async currencies(locale: Locale, filter: ListFilter = {}): Promise<readonly CurrencyRow[]> {
    const all = await this.named('currency', locale, () => this.currencyRows(), currencyName);
    return this.ofCountry(filter.country, 'currency', all);
  }

  /** IANA names are the same in every locale; labels show standard time. Sorted by name. */
  async timezones(
    _locale: Locale,
    { country, aliases = true }: TimezoneFilter = {},
  ): Promise<readonly TimezoneRow[]> {
    const all = await this.ofCountry(country, 'timezone', await this.timezoneRows());
    return aliases ? all : all.filter(({ aliasOf }) => aliasOf === null);
  }

  async findCountry(code: string): Promise<CountryRow | null> {
    return (await this.countryRows()).find((row) => row.code === code.toUpperCase()) ?? null;
  }

  async findLanguage(code: string): Promise<LanguageRow | null> {
    return (await this.languageRows()).find((row) => row.code === code.toLowerCase()) ?? null;
  }

  async findCurrency(code: string): Promise<CurrencyRow | null> {
    return (await this.currencyRows()).find((row) => row.code === code.toUpperCase()) ?? null;
  }

  /** Finds a zone by its exact IANA name; of an alias, `aliasOf` is the current name. */
  async findTimezone(name: string): Promise<TimezoneRow | null> {
    return (await this.timezoneRows()).find((row) => row.name === name) ?? null;
  }

  /** The country of a zone, also of an alias; null for `UTC`, `CET` or unknown names. */
  async countryOfTimezone(name: string): Promise<CountryRow | null> {
    const zone = await this.findTimezone(name);
    const link = zone && (await this.links('timezone')).find(({ other }) => other === zone.id);
    return link ? this.findCountry(link.country) : null;
  }

  forget(): void {
    this.memory.clear();
  }

  private countryRows(): Promise<readonly CountryRow[]> {
    return this.rows('country', 'SELECT id, code, code3, numeric, name FROM country ORDER BY code');
  }

  private languageRows(): Promise<readonly LanguageRow[]> {
    return this.rows('language', 'SELECT id, code, name FROM language ORDER BY code');
  }

  private timezoneRows(): Promise<readonly TimezoneRow[]> {
    return this.rows(
      'timezone',
      `SELECT id, name, label, offset_seconds AS "offsetSeconds", alias_of AS "aliasOf"
       FROM timezone ORDER BY name COLLATE "C"`,
    );
  }

  private currencyRows(): Promise<readonly CurrencyRow[]> {
    return this.rows(
      'currency',
      'SELECT id, code, numeric, name, minor_units AS "minorUnits" FROM currency ORDER BY code',
    );
  }

  private named<Row extends { code: string; name: string }>(
    kind: string,
    locale: Locale,
    rows: () => Promise<readonly Row[]>,
    nameOf: (code: string, locale: Locale, fallback: string) => string,
  ): Promise<readonly Row[]> {
    return this.remember(`${kind} ${locale}`, async () => {
      const { compare } = new Intl.Collator(locale);
      const named: Row[] = [];
      for (const row of await rows()) {
        named.push({ ...row, name: nameOf(row.code, locale, row.name) });
        // Yields to the event loop: naming 7,900 languages takes a quarter of a second.
        if (named.length % 250 === 0) await setImmediate();
      }
      return named.sort((a, b) => compare(a.name, b.name));
    });
  }

  private async ofCountry<Row extends { id: number }>(
    country: string | undefined,
    kind: LinkKind,
    all: readonly Row[],
  ): Promise<readonly Row[]> {
    if (country === undefined) return all;
    const code = country.toUpperCase();
    const links = (await this.links(kind)).filter((link) => link.country === code);
    const ids = new Set(links.map(({ other }) => other));
    return all.filter(({ id }) => ids.has(id));
  }

  private links(kind: LinkKind): Promise<readonly CountryLink[]> {
    return this.rows(
      `country_${kind}`,
      `SELECT country.code AS country, link.${kind}_id AS other
       FROM country_${kind} AS link JOIN country ON country.id = link.country_id`,
    );
  }

  private rows<Row>(table: string, text: string): Promise<readonly Row[]> {
    return this.remember(table, () =>
      this.unitOfWork.read<Row>({ name: `reference.${table}`, text }),
    );
  }

  /** Caches the result, but neither failures nor empty tables. */
  private remember<Row>(key: string, load: () => Promise<readonly Row[]>): Promise<readonly Row[]> {
    const known = this.memory.get(key);
    if (known) return known as Promise<readonly Row[]>;
    const loading = load();
    this.memory.set(key, loading);
    const drop = () => {
      if (this.memory.get(key) === loading) this.memory.delete(key);
    };
    loading.then((rows) => rows.length === 0 && drop(), drop);
    return loading;
  }
}

type LinkKind = 'language' | 'timezone' | 'currency';

interface CountryLink {
  country: string;
  other: number;
}
