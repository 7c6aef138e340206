import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import {
  ADDED_CURRENCIES,
  ADDED_LANGUAGES,
  NOT_OFFICIAL,
  NO_ZONE,
  RULE_ZONES,
  TODAYS_NAMES,
  WITHDRAWN_CURRENCIES,
} from './reference-corrections.js';
import { canonicalZone, countryOfTimezone, offsetLabel } from './reference-names.js';

export interface ReferenceData {
  countries: { code: string; code3: string; numeric: string; name: string }[];
  languages: { code: string; name: string }[];
  timezones: { name: string; label: string; offsetSeconds: number; aliasOf: string | null }[];
  currencies: { code: string; numeric: string; name: string; minorUnits: number }[];
  /** Pairs of a country code and a language code, time-zone name or currency code. */
  links: { languages: Link[]; timezones: Link[]; currencies: Link[] };
}
export type Link = readonly [country: string, other: string];

/**
 * Data packages and their versions. A change here, in `RULES` or in Node's ICU changes the fingerprint, and
 * the next start reloads the data.
 */
export const SOURCES = {
  'cldr-core': '48.2.0',
  'countries-and-timezones': '3.10.0',
  'currency-codes': '2.2.0',
  'i18n-iso-countries': '7.14.0',
  'language-subtag-registry': '0.4.2',
} as const;
const RULES = 1;

export function referenceFingerprint(): string {
  const packages = Object.entries(SOURCES).map(([name, version]) => `${name}@${version}`);
  const { icu, cldr, tz } = process.versions;
  return [`rules@${RULES}`, ...packages, `icu@${icu}`, `cldr@${cldr}`, `tz@${tz}`].join(' ');
}

/**
 * Builds the reference data from the packages (about 3 MB of JSON, released afterwards); called only when
 * loading is needed.
 */
export async function buildReferenceData(): Promise<ReferenceData> {
  const [countries, languages, currencies, zones] = await Promise.all([
    readCountries(),
    readLanguages(),
    readCurrencies(),
    readTimezones(),
  ]);
  const codes = countries.map(({ code }) => code);
  const known = {
    countries: new Set(codes),
    languages: new Set(languages.map(({ code }) => code)),
    currencies: new Set(currencies.map(({ code }) => code)),
  };
  return {
    countries,
    languages,
    timezones: zones,
    currencies,
    links: {
      languages: (await languagesByCountry(codes)).filter(([, it]) => known.languages.has(it)),
      timezones: countriesOfZones(zones).filter(([country]) => known.countries.has(country)),
      currencies: (await currenciesByCountry(codes)).filter(([, it]) => known.currencies.has(it)),
    },
  };
}

async function readCountries(): Promise<ReferenceData['countries']> {
  const codes = await readJson<[string, string, string, string][]>('i18n-iso-countries/codes.json');
  const { countries: names } = await readJson<{ countries: Record<string, string | string[]> }>(
    'i18n-iso-countries/langs/en.json',
  );
  return codes.map(([code, code3, numeric]) => {
    const name = [names[code] ?? code].flat()[0]!;
    return { code, code3, numeric, name };
  });
}

/** The IANA registry lists ISO 639 codes as in BCP 47: two letters where they exist, else three. */
async function readLanguages(): Promise<ReferenceData['languages']> {
  const registry = await readJson<Subtag[]>('language-subtag-registry/data/json/registry.json');
  const groups = ['collection', 'private-use', 'special'];
  return registry
    .filter(({ Type, Deprecated }) => Type === 'language' && !Deprecated)
    .filter(({ Scope }) => !groups.includes(Scope ?? ''))
    .map(({ Subtag, Description }) => ({ code: Subtag, name: Description[0] ?? Subtag }));
}

interface Subtag {
  Type: string;
  Subtag: string;
  Description: string[];
  Deprecated?: string;
  Scope?: string;
}

async function readCurrencies(): Promise<ReferenceData['currencies']> {
  const { data } = (await import('currency-codes')).default;
  return data
    .map(({ code, number, currency, digits }) => {
      return { code, numeric: number, name: currency, minorUnits: digits };
    })
    .filter(({ code }) => !WITHDRAWN_CURRENCIES.has(code))
    .concat(ADDED_CURRENCIES);
}

async function readTimezones(): Promise<ReferenceData['timezones']> {
  const { getAllTimezones } = await import('countries-and-timezones');
  const zones = Object.values(getAllTimezones({ deprecated: true })).filter(
    ({ name }) => name !== NO_ZONE,
  );
  const places = Map.groupBy(zones, ({ name }) => canonicalZone(name) ?? name);
  return [...places.values()].flatMap((names) => {
    const today =
      names.find(({ name }) => TODAYS_NAMES.has(name)) ?? names.find(({ aliasOf }) => !aliasOf);
    return names.map(({ name, utcOffset }) => {
      const offsetSeconds = utcOffset * 60;
      const aliasOf = today && today.name !== name ? today.name : null;
      return { name, label: offsetLabel(name, offsetSeconds), offsetSeconds, aliasOf };
    });
  });
}

/**
 * A zone belongs to the country of its name: `Europe/Brussels` to Belgium only, although clocks in Luxembourg
 * follow it (`Europe/Luxembourg`).
 */
function countriesOfZones(zones: ReferenceData['timezones']): Link[] {
  return zones
    .filter(({ name }) => !RULE_ZONES.has(name))
    .map(({ name }) => [countryOfTimezone(name) ?? '', name]);
}

/** Languages official by law or in fact, and those of a region from one speaker in 200 on. */
async function languagesByCountry(countries: string[]): Promise<Link[]> {
  const { supplemental } = await readJson<{ supplemental: { territoryInfo: Territories } }>(
    'cldr-core/supplemental/territoryInfo.json',
  );
  const links = countries.flatMap((country) => {
    const spoken = Object.entries(supplemental.territoryInfo[country]?.languagePopulation ?? {});
    const official = spoken.filter(([, { _officialStatus: status, _populationPercent: share }]) =>
      status === 'official_regional' ? Number(share) >= 0.5 : status !== undefined,
    );
    // A language may occur once per script: sr, sr_Latn.
    const codes = new Set(official.map(([tag]) => tag.split('_')[0]!));
    return [...codes].map((language): Link => [country, language]);
  });
  return links.filter((link) => !NOT_OFFICIAL.has(link.join(' '))).concat(ADDED_LANGUAGES);
}

type Territories = Record<
  string,
  | {
      languagePopulation?: Record<string, { _officialStatus?: string; _populationPercent: string }>;
    }
  | undefined
>;

/** Legal tender without an end date: no funds codes (CHE, USN), nothing withdrawn. */
async function currenciesByCountry(countries: string[]): Promise<Link[]> {
  const { supplemental } = await readJson<{ supplemental: { currencyData: CurrencyData } }>(
    'cldr-core/supplemental/currencyData.json',
  );
  return countries.flatMap((country) =>
    (supplemental.currencyData.region[country] ?? [])
      .flatMap((periods) => Object.entries(periods))
      .filter(([, { _to, _tender }]) => !_to && _tender !== 'false')
      .map(([currency]): Link => [country, currency]),
  );
}

interface CurrencyData {
  region: Record<string, Record<string, { _to?: string; _tender?: string }>[] | undefined>;
}

async function readJson<T>(specifier: string): Promise<T> {
  const path = createRequire(import.meta.url).resolve(specifier);
  return JSON.parse(await readFile(path, 'utf8')) as T;
}
