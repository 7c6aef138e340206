import { defineFeature } from '../core/features/feature.js';
import { countryName, currencyName, languageName } from '../core/i18n/display-names.js';
import { ReferenceModule } from './reference.module.js';

/** Countries, languages, time zones and currencies. */
export const reference = defineFeature({
  name: 'reference',
  module: ReferenceModule,
  tables: {
    reference_data_version: { kind: 'reference' },
    country: { kind: 'reference' },
    language: { kind: 'reference' },
    timezone: { kind: 'reference' },
    currency: { kind: 'reference' },
    country_language: { kind: 'reference' },
    country_timezone: { kind: 'reference' },
    country_currency: { kind: 'reference' },
  },
  audit: {
    fields: {
      currency: { nameOf: currencyName },
      timezone: 'plain',
      language: { nameOf: languageName },
      country: { nameOf: countryName },
    },
  },
});
