import { memo } from '../core/utils/memo.js';
import { RULE_ZONES } from './reference-corrections.js';

/** Intl instances are expensive to create and cheap to use. */
const remember = memo();

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
