import { Injectable } from '@nestjs/common';
import { currentContext } from '../core/context/request-context.js';
import { countryName, languageName } from '../core/i18n/display-names.js';
import type { Locale } from '../core/i18n/locales.js';
import type { SelectOption } from '../core/views/shell.js';
import { timezoneLabel } from './reference-names.js';
import { ReferenceRepository } from './reference.repository.js';

export type ReferenceKind = 'country' | 'currency' | 'language' | 'timezone';

/** Reference data as options of a form. */
@Injectable()
export class ReferenceOptions {
  private readonly labels = new Map<string, string>();
  private labelsOfHour = 0;

  constructor(private readonly reference: ReferenceRepository) {}

  async countries(locale: Locale): Promise<SelectOption[]> {
    const rows = await this.reference.countries(locale);
    return rows.map(({ code, name }) => ({
      value: code,
      label: name,
      search: `${code} ${countryName(code, 'en')}`,
    }));
  }

  /** Currencies labelled with their code, which invoices show. */
  async currencies(locale: Locale): Promise<SelectOption[]> {
    const rows = await this.reference.currencies(locale);
    return rows.map(({ code, name }) => ({ value: code, label: `${name} (${code})` }));
  }

  /** The languages of these codes, in that order. */
  async languages(locale: Locale, codes: readonly string[]): Promise<SelectOption[]> {
    const rows = await Promise.all(codes.map((code) => this.reference.findLanguage(code)));
    return rows.flatMap((row) =>
      row ? [{ value: row.code, label: languageName(row.code, locale, row.name) }] : [],
    );
  }

  /**
   * What a form offers of a kind of codes, in the language of the request; `chosen` is among them. Of the
   * languages those of ISO 639-1: with the others there are thousands.
   */
  async offered(kind: ReferenceKind, chosen = ''): Promise<SelectOption[]> {
    const { locale } = currentContext();
    switch (kind) {
      case 'country':
        return this.countries(locale);
      case 'currency':
        return this.currencies(locale);
      case 'timezone':
        return this.timezones(locale, chosen);
      case 'language': {
        const rows = await this.reference.languages(locale);
        return rows
          .filter(({ code }) => code.length === 2 || code === chosen)
          .map(({ code, name }) => ({ value: code, label: name }));
      }
    }
  }

  /** Current names; an older spelling only where it is already `chosen`. */
  async timezones(locale: Locale, chosen: string | null = null): Promise<SelectOption[]> {
    const rows = await this.reference.timezones(locale);
    return rows
      .filter(({ name, aliasOf }) => aliasOf === null || name === chosen)
      .map(({ name }) => ({ value: name, label: this.label(name) }));
  }

  /** Labels are computed once an hour, as offsets change with daylight saving time. */
  private label(name: string): string {
    const hour = Math.floor(Date.now() / 3_600_000);
    if (hour !== this.labelsOfHour) {
      this.labels.clear();
      this.labelsOfHour = hour;
    }
    let label = this.labels.get(name);
    if (!label) this.labels.set(name, (label = timezoneLabel(name)));
    return label;
  }
}
