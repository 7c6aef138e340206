import { NameField, OptionalChoiceField, OptionalTextField } from '../core/http/forms/fields.js';
import { LOCALES, languageOf } from '../core/i18n/locales.js';

export class OrganisationDto {
  /** 1–200 characters. */
  @NameField({ max: 200, example: 'Acme' }) organization: string;
}

/** Settings of an organisation and defaults of its new members; null clears. */
export class SettingsDto extends OrganisationDto {
  /** ISO 4217. */
  @OptionalTextField({ max: 3, example: 'EUR' }) currency?: string | null;
  /** IANA name. */
  @OptionalTextField({ max: 64, example: 'Europe/Brussels' }) timezone?: string | null;
  /** ISO 639-1. */
  @OptionalChoiceField(LOCALES.map(languageOf)) language?: string | null;
}
