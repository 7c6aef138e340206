import {
  CheckboxField,
  ChoiceField,
  OptionalChoiceField,
  OptionalNameField,
  OptionalTextField,
} from '../core/http/forms/fields.js';
import type { Theme } from '../core/context/principal.js';
import { LOCALES, languageOf } from '../core/i18n/locales.js';

/** What people say about themselves; all of it optional. */
export class PersonalDetailsDto {
  @OptionalNameField({ max: 100 }) display_name: string | null = null;
  /** IANA name. */
  @OptionalTextField({ max: 64 }) timezone: string | null = null;
  /** ISO 3166-1 alpha-2. */
  @OptionalTextField({ max: 2 }) country: string | null = null;
}

/** A profile as its owner sets it. */
export class ProfileDto extends PersonalDetailsDto {
  @ChoiceField(['corporate', 'night', 'system']) theme: Theme;
  @CheckboxField() marketing_emails: boolean = false;
}

/** Changes of one's own profile; what is left out stays as it is, null clears. */
export class ProfileChangesDto extends ProfileDto {
  /** ISO 639-1; null leaves the choice to what each request asks for. */
  @OptionalChoiceField(LOCALES.map(languageOf)) language: string | null = null;
}
