import type { Locale } from '../core/i18n/locales.js';
import { memo } from '../core/utils/memo.js';
import { RULE_ZONES } from './reference-corrections.js';

/** Intl instances are expensive to create and cheap to use. */
const remember = memo();

/** "Belgium", "België", "Belgique". `fallback` is the stored English name, else the code. */
export function countryName(code: string, locale: Locale, fallback = code): string {
  return displayName('region', code, locale) ?? fallback;
}

/**
 * Only for codes with a CLDR name of their own: it names `cmn` like `zh` and `tl` like `fil`, and a list
 * would contain a name twice.
 */
export function languageName(code: string, locale: Locale, fallback = code): string {
  const isItself = isWellFormed(code) && Intl.getCanonicalLocales(code)[0] === code;
  return (isItself ? displayName('language', code, locale) : undefined) ?? fallback;
}

export function currencyName(code: string, locale: Locale, fallback = code): string {
  return displayName('currency', code, locale) ?? fallback;
}

/**
 * `Europe/Brussels (UTC+01:00)`, with the offset in force at that moment (+02:00 in summer).
 * The offset is written alike in every locale; a name unknown to this runtime comes back bare.
 */
export function timezoneLabel(name: string, at = new Date()) {
  const offset = offsetSecondsOf(name, at);
  return offset === null ? name : offsetLabel(name, offset);
}

export function offsetLabel(name: string, offsetSeconds: number): string {
  const minutes = Math.floor(Math.abs(offsetSeconds) / 60);
  const hh = String(Math.floor(minutes / 60)).padStart(2, '0');
  const mm = String(minutes % 60).padStart(2, '0');
  return `${name} (UTC${offsetSeconds < 0 ? '-' : '+'}${hh}:${mm})`;
}

/** Offset from UTC at that moment, in seconds; null for a name unknown to this runtime. */
export function offsetSecondsOf(name: string, at: Date): number | null {
  const zone = canonicalZone(name);
  if (!zone) return null;
  const part = remember(
    `offset ${zone}`,
    () => new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }),
  )
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName');
  const [, sign, hours, minutes, seconds] =
    /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(part?.value ?? '') ?? [];
  if (!sign) return 0;
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0);
  return sign === '-' ? -size : size;
}

/** ISO 3166-1 alpha-2 code of the zone's country; older spellings resolve too. */
export function countryOfTimezone(name: string): string | null {
  if (RULE_ZONES.has(name.toUpperCase())) return null;
  return regionsByZone().get(canonicalZone(name) ?? '') ?? null;
}

/** Canonical CLDR name of a zone, which never changes (`Asia/Calcutta`); null when unknown. */
export function canonicalZone(name: string): string | null {
  if (!/^[A-Za-z]/.test(name)) return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

/** CLDR assigns every zone to exactly one region, as IANA's zone.tab does. */
function regionsByZone(): Map<string, string> {
  return remember('regions', () => {
    const regions = new Map<string, string>();
    const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
    for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
      const locale = new Intl.Locale(`und-${code}`) as Intl.Locale & {
        getTimeZones?(): string[] | undefined;
      };
      for (const zone of locale.getTimeZones?.() ?? []) regions.set(zone, locale.region!);
    }
    return regions;
  });
}

function displayName(type: 'region' | 'language' | 'currency', code: string, locale: Locale) {
  const names = remember(
    `${type} ${locale}`,
    () => new Intl.DisplayNames(locale, { type, fallback: 'none' }),
  );
  try {
    return names.of(code);
  } catch {
    return undefined; // not the shape of a code at all
  }
}

function isWellFormed(code: string): boolean {
  return /^[a-z]{2,3}$/.test(code);
}
