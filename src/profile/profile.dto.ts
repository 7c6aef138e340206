import {
  CheckboxField,
  ChoiceField,
  OptionalChoiceField,
  OptionalNameField,
  OptionalTextField,
} from '../core/http/forms/fields.js';
import type { Theme } from '../core/context/principal.js';
import { LOCALES, languageOf } from '../core/i18n/locales.js';

/** Personal details; all optional. */
export class PersonalDetailsDto {
  @OptionalNameField({ max: 100, example: 'Ann Peeters' }) display_name: string | null = null;
  /** IANA name. */
  @OptionalTextField({ max: 64, example: 'Europe/Brussels' }) timezone: string | null = null;
  /** ISO 3166-1 alpha-2. */
  @OptionalTextField({ max: 2, example: 'BE' }) country: string | null = null;
}

/** Input for one's own profile. */
export class ProfileDto extends PersonalDetailsDto {
  @ChoiceField(['corporate', 'night', 'system']) theme: Theme;
  @CheckboxField() marketing_emails: boolean = false;
}

/** Changes of one's own profile; absent properties stay unchanged, null clears. */
export class ProfileChangesDto extends ProfileDto {
  /** ISO 639-1; null: each request's `Accept-Language` decides. */
  @OptionalChoiceField(LOCALES.map(languageOf)) language: string | null = null;
}
