/** Corrections of the data packages, each with its source. Keep this file small. */

/**
 * Changes of ISO 4217 since the list in `currency-codes` (2024-06-25):
 * XCG replaced ANG on 2025-03-31 (amendment 176), XAD was added on 2025-05-12 (amendment 179),
 * CUC was withdrawn, and Bulgaria took the euro on 2026-01-01.
 */
export const ADDED_CURRENCIES = [
  { code: 'XAD', numeric: '396', name: 'Arab Accounting Dinar', minorUnits: 2 },
  { code: 'XCG', numeric: '532', name: 'Caribbean Guilder', minorUnits: 2 },
];
export const WITHDRAWN_CURRENCIES = new Set(['ANG', 'BGN', 'CUC']);

/** Curaçao's ordinance on official languages (2007) has English beside Dutch and Papiamento. */
export const ADDED_LANGUAGES: (readonly [country: string, language: string])[] = [['CW', 'en']];
/** CLDR counts Swiss German as official in fact; the federal constitution (art. 4, 70) does not. */
export const NOT_OFFICIAL = new Set(['CH gsw']);

/** IANA names of rules, not places: since tzdata 2024b aliases of a city that follows the rule. */
export const RULE_ZONES = new Set(
  'CET CST6CDT EET EST EST5EDT HST MET MST MST7MDT PST8PDT WET'.split(' '),
);

/** Not a real zone: IANA's "local time has not been set". */
export const NO_ZONE = 'Factory';

/**
 * The current name of a place, where the zone itself is an alias in tzdata (IANA's zone.tab; `UTC` is what
 * browsers report).
 */
export const TODAYS_NAMES = new Set([
  'Africa/Asmara',
  'Africa/Bamako',
  'America/Atikokan',
  'America/St_Thomas',
  'Antarctica/McMurdo',
  'Arctic/Longyearbyen',
  'Atlantic/Reykjavik',
  'Pacific/Chuuk',
  'Pacific/Pohnpei',
  'UTC',
]);
