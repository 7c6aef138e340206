import { Injectable } from '@nestjs/common';
import type { Locale } from '../core/i18n/locales.js';
import type { SelectOption } from '../core/views/shell.js';
import { countryName, languageName, timezoneLabel } from './reference-names.js';
import { ReferenceRepository } from './reference.repository.js';

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
